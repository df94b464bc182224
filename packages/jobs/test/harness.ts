/**
 * An engine with a clock and an ear: what rule tests act on.
 */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import type { Account, Outcome } from '@muster/model'
import {
  JobsEngine,
  MemoryJobsState,
  type JobsLimits,
  type JobsMessage,
  type JobsState,
} from '../src/index.ts'
import { callEngine } from './call-engine.ts'
import { FakeRegistry } from './fake-registry.ts'

/** A message with its payload parsed and its topic cut. */
export interface Heard {
  readonly thing: string
  /** Below the thing's jobs topics; the whole topic for events. */
  readonly topic: string
  readonly payload: Record<string, unknown>
}

/** A device's reply. */
export interface Reply {
  /** `accepted` or `rejected`. */
  readonly verdict: string
  readonly topic: string
  readonly payload: Record<string, unknown>
}

const encoder = new TextEncoder()

/** One engine with its registry, clock and messages. */
export class Harness {
  readonly registry: FakeRegistry = new FakeRegistry()
  readonly account: Account = { region: 'us-east-1', accountId: '123456789012' }
  readonly state: JobsState
  readonly engine: JobsEngine
  readonly events: Set<string> = new Set()
  nowMs: number = Date.UTC(2026, 10, 22, 10, 0, 0, 700)
  #heard: Heard[] = []

  constructor(limits: Partial<JobsLimits> = {}, state: JobsState = new MemoryJobsState()) {
    this.state = state
    let ids = 0
    this.engine = new JobsEngine({
      account: this.account,
      state,
      registry: this.registry,
      publish: (message) => this.#hear(message),
      newId: () => `id-${(ids += 1)}`,
      presign: (method, url, expiresInSec, nowMs) =>
        `https://links/?m=${method}&u=${url}&e=${expiresInSec}&n=${nowMs}`,
      eventsEnabled: (eventType) => this.events.has(eventType),
      limits,
    })
    for (const name of ['T1', 'T2', 'T3']) this.registry.things.add(name)
  }

  thing(name: string): string {
    return `arn:aws:iot:us-east-1:123456789012:thing/${name}`
  }

  group(name: string): string {
    return `arn:aws:iot:us-east-1:123456789012:thinggroup/${name}`
  }

  /** Creates a job on T1 unless told otherwise. */
  create(jobId: string, more: Partial<CreateJobRequest> = {}): Outcome<object> {
    const withDocument = 'document' in more || 'documentSource' in more || 'jobTemplateArn' in more
    const input = {
      jobId,
      targets: [this.thing('T1')],
      ...(!withDocument && { document: '{"do":"it"}' }),
      ...more,
    }
    return this.operate('CreateJob', input)
  }

  /** An operator's request, checked as a server's front does before the engine sees it. */
  operate(name: string, input: object): Outcome<object> {
    return callEngine(this.engine, 'iot', name, input, this.nowMs)
  }

  /** Creates a job with a daily maintenance window, as AWS allows it (jobs J128): on a group of its own. */
  createWindowed(
    jobId: string,
    things: readonly string[],
    window: { readonly startTime: string; readonly durationInMinutes: number },
    more: Partial<CreateJobRequest> = {},
  ): Outcome<object> {
    this.registry.addGroup(`of-${jobId}`)
    for (const name of things) this.registry.members.get(`of-${jobId}`)?.add(name)
    return this.create(jobId, {
      targets: [this.group(`of-${jobId}`)],
      targetSelection: 'CONTINUOUS',
      schedulingConfig: { startTime: this.minutesAhead(31), maintenanceWindows: [window] },
      ...more,
    })
  }

  /** A time of a schedule. */
  minutesAhead(minutes: number): string {
    return new Date(this.nowMs + minutes * 60_000).toISOString().slice(0, 16)
  }

  /** Publishes as a device; `payload` is JSON unless it is text. */
  ask(thing: string, topic: string, payload: unknown = {}): Reply {
    const whole = `$aws/things/${thing}/jobs/${topic}`
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    const answer = this.engine.mqttCall(whole)?.(encoder.encode(text), this.nowMs)
    if (answer === undefined) throw new Error(`no reply to ${whole}`)
    for (const message of answer.messages) this.#hear(message)
    const verdict = answer.reply.topic.slice(whole.length + 1)
    return {
      verdict,
      topic: answer.reply.topic,
      payload: JSON.parse(answer.reply.payload) as Record<string, unknown>,
    }
  }

  /** Moves time, running due work in order. */
  advance(seconds: number): void {
    const untilMs = this.nowMs + seconds * 1000
    for (;;) {
      const dueAtMs = this.engine.nextDueAtMs()
      if (dueAtMs === undefined || dueAtMs > untilMs) break
      this.nowMs = Math.max(this.nowMs, dueAtMs)
      while (this.engine.runDue(this.nowMs, 1000)) continue
    }
    this.nowMs = untilMs
  }

  /** Takes what was published since the last call. */
  heard(): readonly Heard[] {
    return this.#heard.splice(0)
  }

  /** The same as `thing topic`. */
  heardTopics(): readonly string[] {
    return this.heard().map(({ thing, topic }) => `${thing} ${topic}`.trim())
  }

  /** A job as the operator sees it. */
  job(jobId: string): Record<string, unknown> {
    const outcome = this.engine.describeJob({ jobId }, this.nowMs)
    return outcome.ok ? { ...outcome.value.job } : { error: outcome.error.code }
  }

  /** An execution as the operator sees it. */
  execution(jobId: string, thingName: string, executionNumber?: number): Record<string, unknown> {
    const input = { jobId, thingName, ...(executionNumber !== undefined && { executionNumber }) }
    const outcome = this.engine.describeJobExecution(input, this.nowMs)
    return outcome.ok ? { ...outcome.value.execution } : { error: outcome.error.code }
  }

  join(thing: string, group: string): void {
    this.registry.members.get(group)?.add(thing)
    this.engine.onMembershipChanged(thing, group, true, this.nowMs)
  }

  leave(thing: string, group: string): void {
    this.registry.members.get(group)?.delete(thing)
    this.engine.onMembershipChanged(thing, group, false, this.nowMs)
  }

  #hear({ topic, payload }: JobsMessage): void {
    const [, thing = '', relative = ''] = /^\$aws\/things\/([^/]+)\/jobs\/(.+)$/.exec(topic) ?? []
    this.#heard.push({
      thing,
      topic: relative === '' ? topic : relative,
      payload: JSON.parse(payload) as Record<string, unknown>,
    })
  }
}

/** The code of a refused outcome, `ok` otherwise. */
export function code(outcome: Outcome<object>): string {
  return outcome.ok ? 'ok' : outcome.error.code
}
