/**
 * Random operators, devices and clocks against an engine, and what must hold after every step.
 */
import type { Outcome } from '@muster/model'
import fc from 'fast-check'
import { JobsEngine, type JobExecution, type JobsMessage, type JobsState } from '../src/index.ts'
import { checkedState } from './checked-state.ts'
import { FakeRegistry } from './fake-registry.ts'

const account = { region: 'us-east-1', accountId: '123456789012' }
const THINGS = ['T0', 'T1', 'T2', 'T3', 'T4', 'T5']
const GROUPS = ['G0', 'G1', 'G2']
const JOBS = ['J0', 'J1', 'J2', 'J3', 'J4']
// Repeated where it should come up more often.
const TOPICS = [
  'get',
  '$next/get',
  'JOB/get',
  'bad',
  'start-next',
  'start-next',
  'JOB/update',
  'HEAD/update',
  'HEAD/update',
  'HEAD/update',
  'LAST/update',
]
const SET_STATUSES = [
  'IN_PROGRESS',
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'FAILED',
  'REJECTED',
  'X',
]
const STEP_TIMEOUTS = [undefined, undefined, undefined, undefined, 1, 2, -1, 0]
const VERSIONS = [undefined, undefined, undefined, undefined, 1, 2, '2']
const encoder = new TextEncoder()

const job = fc.constantFrom(...JOBS)
const thing = fc.constantFrom(...THINGS)
const group = fc.constantFrom(...GROUPS)
const target = fc.oneof(
  thing.map((name) => `arn:aws:iot:us-east-1:123456789012:thing/${name}`),
  group.map((name) => `arn:aws:iot:us-east-1:123456789012:thinggroup/${name}`),
)
const failureType = fc.constantFrom('FAILED', 'TIMED_OUT', 'ALL')

const createJob = fc.record(
  {
    jobId: job,
    targets: fc.array(target, { minLength: 1, maxLength: 3 }),
    targetSelection: fc.constantFrom('SNAPSHOT', 'CONTINUOUS'),
    jobExecutionsRolloutConfig: fc.option(
      fc.record({ maximumPerMinute: fc.integer({ min: 1, max: 3 }) }),
      { nil: undefined },
    ),
    timeoutConfig: fc.option(
      fc.record({ inProgressTimeoutInMinutes: fc.integer({ min: 1, max: 3 }) }),
      { nil: undefined },
    ),
    jobExecutionsRetryConfig: fc.option(
      fc.record({
        criteriaList: fc.array(
          fc.record({ failureType, numberOfRetries: fc.integer({ min: 0, max: 2 }) }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      { nil: undefined },
    ),
    abortConfig: fc.option(
      fc.record({
        criteriaList: fc.array(
          fc.record({
            failureType: fc.constantFrom('FAILED', 'REJECTED', 'TIMED_OUT', 'ALL'),
            action: fc.constant('CANCEL'),
            thresholdPercentage: fc.integer({ min: 1, max: 100 }),
            minNumberOfExecutedThings: fc.integer({ min: 1, max: 4 }),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      { nil: undefined },
    ),
    schedule: fc.constantFrom('none', 'none', 'none', 'start', 'end', 'windows'),
  },
  { requiredKeys: ['jobId', 'targets', 'targetSelection', 'schedule'] },
)

/** One random step. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: createJob.map((input) => ({ kind: 'create' as const, input })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'delete' as const),
      jobId: job,
      force: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancelExecution' as const, 'deleteExecution' as const),
      jobId: job,
      thingName: thing,
      force: fc.boolean(),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('device' as const),
      thingName: thing,
      topic: fc.constantFrom(...TOPICS),
      jobId: job,
      status: fc.constantFrom(...SET_STATUSES),
      stepTimeoutInMinutes: fc.constantFrom(...STEP_TIMEOUTS),
      expectedVersion: fc.constantFrom(...VERSIONS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('join' as const, 'leave' as const),
      thingName: thing,
      group,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('deleteThing' as const, 'createThing' as const),
      thingName: thing,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      seconds: fc.constantFrom(1, 20, 59, 60, 61, 130, 2400, 4000),
    }),
  },
)

type CreateInput = Record<string, unknown> & { jobId: string; schedule: string }

/** What {@link step} makes. */
export type Step =
  | { kind: 'create'; input: CreateInput }
  | { kind: 'cancel' | 'delete'; jobId: string; force: boolean }
  | {
      kind: 'cancelExecution' | 'deleteExecution'
      jobId: string
      thingName: string
      force: boolean
    }
  | {
      kind: 'device'
      thingName: string
      topic: string
      jobId: string
      status: string
      stepTimeoutInMinutes: number | undefined
      expectedVersion: number | string | undefined
    }
  | { kind: 'join' | 'leave'; thingName: string; group: string }
  | { kind: 'deleteThing' | 'createThing'; thingName: string }
  | { kind: 'advance'; seconds: number }

interface Head {
  readonly jobId: string
  readonly executionNumber: number
}

/** An engine and the memory of what its devices were told. */
export class RandomFleet {
  #state: JobsState
  readonly #registry: FakeRegistry = new FakeRegistry()
  #engine: JobsEngine
  readonly #sliceExecutions: number
  #ids = 0
  readonly #announced = new Map<string, Head | undefined>()
  readonly #announcedNow = new Map<string, unknown>()
  readonly #notifiedNow = new Map<string, unknown>()
  readonly #created = new Map<string, number[]>()
  #nowMs = Date.UTC(2026, 0, 1, 0, 0, 12, 345)

  constructor(state: JobsState, sliceExecutions: number) {
    this.#sliceExecutions = sliceExecutions
    for (const name of THINGS) this.#registry.things.add(name)
    this.#registry.addGroup('G0')
    this.#registry.addGroup('G1', 'G0')
    this.#registry.addGroup('G2')
    for (const name of ['T0', 'T1', 'T2']) this.#registry.members.get('G1')?.add(name)
    for (const name of ['T2', 'T3']) this.#registry.members.get('G2')?.add(name)
    this.#state = checkedState(state, (execution) => this.#inserted(execution))
    this.#engine = this.#newEngine()
  }

  /** Goes on with an engine that knows only what the state holds, as after a restart. */
  restart(state: JobsState): void {
    this.#state = checkedState(state, (execution) => this.#inserted(execution))
    this.#engine = this.#newEngine()
  }

  #newEngine(): JobsEngine {
    return new JobsEngine({
      account,
      state: this.#state,
      registry: this.#registry,
      publish: (message) => this.#hear(message),
      newId: () => String((this.#ids += 1)),
      presign: (url) => url,
      eventsEnabled: () => false,
      limits: { sliceExecutions: this.#sliceExecutions },
    })
  }

  /** Takes a step and checks everything. */
  take(given: Step): void {
    this.#announcedNow.clear()
    this.#notifiedNow.clear()
    this.#act(given)
    // In the middle of sweeps too: each slice must leave things consistent.
    this.#check()
    while (this.#engine.runDue(this.#nowMs, 1)) this.#check()
    this.#check()
    for (const jobId of JOBS) this.#checkSettled(jobId)
  }

  /** A snapshot with nothing left to do is COMPLETED, and no sweep is left over (jobs J73). */
  #checkSettled(jobId: string): void {
    const found = this.#state.job(jobId)
    if (found === undefined) return
    const { config, progress } = found
    if (progress.sweep !== undefined) throw new Error(`${jobId} is still swept`)
    if (config.targetSelection === 'CONTINUOUS' || config.schedulingConfig !== undefined) return
    const pending = progress.things.QUEUED + progress.things.IN_PROGRESS
    const idle = pending === 0 && !this.#state.hasTargets(jobId)
    if (idle && progress.status === 'IN_PROGRESS') throw new Error(`${jobId} should be COMPLETED`)
  }

  #act(given: Step): void {
    const engine = this.#engine
    const nowMs = this.#nowMs
    switch (given.kind) {
      case 'create': {
        const { schedule, ...input } = given.input
        this.#created.delete(`${input.jobId} done`)
        const full = { ...input, document: '{"v":1}', ...this.#scheduling(schedule) }
        const outcome = engine.createJob(full as never, nowMs)
        if (outcome.ok) this.#created.set(input.jobId, [])
        return
      }
      case 'cancel':
        return known(engine.cancelJob(given, nowMs))
      case 'delete':
        return known(engine.deleteJob(given, nowMs))
      case 'cancelExecution':
        return known(engine.cancelJobExecution(given, nowMs))
      case 'deleteExecution': {
        const latest = this.#state.latestExecution(given.jobId, given.thingName)
        const executionNumber = latest?.executionNumber ?? 1
        return known(engine.deleteJobExecution({ ...given, executionNumber }, nowMs))
      }
      case 'device':
        return this.#request(given)
      case 'join':
      case 'leave': {
        if (!this.#registry.things.has(given.thingName)) return
        const members = this.#registry.members.get(given.group)
        const changed =
          given.kind === 'join'
            ? !members?.has(given.thingName) && members?.add(given.thingName) !== undefined
            : members?.delete(given.thingName)
        if (changed) {
          engine.onMembershipChanged(given.thingName, given.group, given.kind === 'join', nowMs)
        }
        return
      }
      case 'createThing':
        this.#registry.things.add(given.thingName)
        return
      case 'deleteThing':
        for (const [name, members] of this.#registry.members) {
          if (members.delete(given.thingName)) {
            engine.onMembershipChanged(given.thingName, name, false, nowMs)
          }
        }
        this.#registry.things.delete(given.thingName)
        engine.onThingDeleted(given.thingName, nowMs)
        return
      case 'advance': {
        const untilMs = nowMs + given.seconds * 1000
        for (;;) {
          const dueAtMs = engine.nextDueAtMs()
          if (dueAtMs === undefined || dueAtMs > untilMs) break
          this.#nowMs = Math.max(this.#nowMs, dueAtMs)
          while (engine.runDue(this.#nowMs, 1)) this.#check()
          this.#check()
        }
        this.#nowMs = untilMs
      }
    }
  }

  #scheduling(schedule: string): object {
    const at = (minutes: number): Date => new Date(this.#nowMs + minutes * 60_000)
    const text = (date: Date): string => date.toISOString().slice(0, 16)
    if (schedule === 'start') return { schedulingConfig: { startTime: text(at(35)) } }
    if (schedule === 'end') {
      return { schedulingConfig: { endTime: text(at(35)), endBehavior: 'CANCEL' } }
    }
    if (schedule !== 'windows') return {}
    const minute = at(5).getUTCMinutes()
    const window = { startTime: `cron(${minute} * * * ? *)`, durationInMinutes: 30 }
    return {
      targetSelection: 'CONTINUOUS',
      schedulingConfig: { startTime: text(at(35)), maintenanceWindows: [window] },
    }
  }

  /** Every request gets exactly one reply, on its own topic (jobs J2). */
  #request(given: Step & { kind: 'device' }): void {
    const { thingName, topic, jobId, status, stepTimeoutInMinutes, expectedVersion } = given
    const pending = this.#state.pending(thingName, undefined, 10)
    const relative = topic
      .replace('JOB', jobId)
      .replace('HEAD', pending[0]?.jobId ?? jobId)
      .replace('LAST', pending.at(-1)?.jobId ?? jobId)
    const whole = `$aws/things/${thingName}/jobs/${relative}`
    const fields = { status, stepTimeoutInMinutes, expectedVersion, clientToken: 'c' }
    const payload = encoder.encode(JSON.stringify(fields))
    const answer = this.#engine.mqttCall(whole)?.(payload, this.#nowMs)
    const reply = answer?.reply.topic
    if (reply !== `${whole}/accepted` && reply !== `${whole}/rejected`) {
      throw new Error(`request ${whole} got ${reply}`)
    }
    const body = JSON.parse(answer?.reply.payload ?? '') as { clientToken?: string }
    if (body.clientToken !== 'c') throw new Error('clientToken was not echoed')
    for (const message of answer?.messages ?? []) this.#hear(message)
  }

  #hear({ topic, payload }: JobsMessage): void {
    const [, , thingName = '', , kind] = topic.split('/')
    const body = JSON.parse(payload) as { execution?: Head; jobs?: unknown }
    if (kind === 'notify') this.#notifiedNow.set(thingName, body.jobs)
    if (kind !== 'notify-next') return
    const { execution } = body
    const before = this.#announced.get(thingName)
    if (sameHead(before, execution)) throw new Error('notify-next repeats the same head (J40)')
    this.#announced.set(thingName, execution)
    this.#announcedNow.set(thingName, execution)
  }

  #inserted({ jobId, executionNumber }: JobExecution): void {
    if (executionNumber === 1) this.#created.get(jobId)?.push(this.#nowMs)
  }

  #check(): void {
    for (const thingName of THINGS) this.#checkThing(thingName)
    for (const jobId of JOBS) this.#checkJob(jobId)
  }

  #checkThing(thingName: string): void {
    if (!this.#registry.things.has(thingName)) {
      if (this.#state.unfinished(thingName, 1).length > 0) throw new Error('a ghost has work (J78)')
      return
    }
    const next = this.#ask(thingName, '$next/get') as { execution?: Head }
    if (!sameHead(next.execution, this.#announced.get(thingName))) {
      const told = JSON.stringify(this.#announced.get(thingName))
      throw new Error(`$next of ${thingName} is ${JSON.stringify(next.execution)}, told ${told}`)
    }
    const listed = this.#ask(thingName, 'get') as {
      inProgressJobs: readonly unknown[]
      queuedJobs: readonly unknown[]
    }
    const notified = this.#notifiedNow.get(thingName) as
      | { IN_PROGRESS?: readonly unknown[]; QUEUED?: readonly unknown[] }
      | undefined
    this.#notifiedNow.delete(thingName)
    if (notified === undefined) return
    const told = JSON.stringify([notified.IN_PROGRESS ?? [], notified.QUEUED ?? []])
    const now = JSON.stringify([listed.inProgressJobs, listed.queuedJobs])
    if (told !== now) throw new Error(`notify told ${told}, get says ${now}`)
  }

  #ask(thingName: string, request: string): unknown {
    const topic = `$aws/things/${thingName}/jobs/${request}`
    const answer = this.#engine.mqttCall(topic)?.(new Uint8Array(), this.#nowMs)
    if (answer === undefined || answer.messages.length > 0) throw new Error('asking has effects')
    return JSON.parse(answer.reply.payload)
  }

  /** Counters add up; COMPLETED means done; the rate holds (jobs J73, J87, J92, J97). */
  #checkJob(jobId: string): void {
    const found = this.#state.job(jobId)
    if (found === undefined) return
    const { config, progress } = found
    const attempts = this.#state.executionsOfJob(jobId, undefined, undefined, 10_000).executions
    for (const status of Object.keys(progress.things) as (keyof typeof progress.things)[]) {
      const counted = attempts.filter((execution) => execution.status === status).length
      if (counted !== progress.things[status]) {
        throw new Error(`${jobId} counts ${progress.things[status]} ${status}: ${counted}`)
      }
    }
    const pending = progress.things.QUEUED + progress.things.IN_PROGRESS
    if (progress.status === 'COMPLETED' && pending > 0) throw new Error('COMPLETED with work')
    const rate = config.jobExecutionsRolloutConfig?.maximumPerMinute
    if (config.targetSelection === 'CONTINUOUS' || rate === undefined) return
    const created = this.#created.get(jobId) ?? []
    const [firstMs = 0] = created
    const perMinute = new Map<number, number>()
    for (const atMs of created) {
      const minute = Math.floor((atMs - firstMs) / 60_000)
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1)
    }
    if (Math.max(0, ...perMinute.values()) > rate) throw new Error(`${jobId} exceeds ${rate}/min`)
  }
}

function sameHead(left: Head | undefined, right: Head | undefined): boolean {
  return left?.jobId === right?.jobId && left?.executionNumber === right?.executionNumber
}

/** Refusals are fine; anything that is no outcome is not. */
function known(outcome: Outcome<object>): void {
  if (!outcome.ok && outcome.error.message === '') throw new Error('a refusal without a reason')
}
