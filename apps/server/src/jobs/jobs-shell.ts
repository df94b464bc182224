/**
 * The Jobs engine in the server: device requests from the broker, changes of the registry and the
 * clock go in; direct replies, notifications and events come out.
 */
import { randomUUID } from 'node:crypto'
import type { Broker, ReservedCall } from '@muster/broker'
import type { CancelAlarm, Clock } from '@muster/clock'
import {
  JobsEngine,
  type JobsLimits,
  type JobsMessage,
  type JobsPorts,
  type JobsState,
  type MqttAnswer,
  type MqttCall,
} from '@muster/jobs'
import type { Account } from '@muster/model'
import type { Registry, RegistryChange } from '@muster/registry'
import type { Turn } from '../turn.ts'
import { jobRegistry } from './job-registry.ts'

/** What the engine is joined to. */
export interface JobsShellPorts {
  readonly account: Account
  readonly clock: Clock
  readonly turn: Turn
  readonly state: JobsState
  readonly registry: Registry
  readonly broker: Pick<Broker, 'publish' | 'replyDirect'>
  /** Links to S3 objects (jobs J103). */
  readonly presign: JobsPorts['presign']
  readonly throttled?: JobsPorts['throttled']
  readonly limits?: Partial<JobsLimits>
  /** Told when due work throws: a bug, or a disk that failed. */
  readonly onFault: (cause: unknown) => void
}

/** The Jobs service of a server. */
export interface JobsShell {
  readonly engine: JobsEngine
  /** Clock time, epoch milliseconds. */
  nowMs(): number
  /**
   * What devices' publishes to a Jobs topic call: it answers before this turn's packets leave.
   *
   * @returns undefined for another topic
   */
  reserved(topic: string): ReservedCall | undefined
  onRegistryChange(change: RegistryChange): void
  /** Resolves when all work due now is done and committed. */
  settle(): Promise<void>
  /** After the store was emptied. */
  reset(): void
  /** Stops the alarm; due work stays in the store. */
  stop(): void
}

/** Executions handled in one turn of the event loop, so that no request waits for a sweep. */
const EXECUTIONS_PER_TURN = 100

/** Starts the service: due work that an earlier run left is resumed. */
export function startJobs(ports: JobsShellPorts): JobsShell {
  const { clock, broker } = ports
  const alarm = new DueAlarm(ports, () => engine)
  const engine = new JobsEngine({
    account: ports.account,
    state: ports.state,
    registry: jobRegistry(ports.registry),
    publish: (message) => broker.publish(toPublication(message)),
    newId: randomUUID,
    presign: ports.presign,
    eventsEnabled: (eventType) => ports.registry.isEventEnabled(eventType),
    dueChanged: (dueAtMs) => alarm.wakeAt(dueAtMs),
    ...(ports.throttled !== undefined && { throttled: ports.throttled }),
    ...(ports.limits !== undefined && { limits: ports.limits }),
  })
  const answer = (topic: string, call: MqttCall, payload: Uint8Array): MqttAnswer => {
    try {
      return call(payload, clock.nowMs())
    } catch (cause) {
      // A bug: the device is told, and everybody else is served on.
      ports.onFault(cause)
      return { reply: internalError(topic, clock.nowMs()), messages: [] }
    }
  }
  alarm.resume()
  return {
    engine,
    nowMs: () => clock.nowMs(),
    reserved: (topic) => {
      const call = engine.mqttCall(topic)
      if (call === undefined) return undefined
      return ({ connectionId, payload, qos }) => {
        const { reply, messages } = answer(topic, call, payload)
        broker.replyDirect(connectionId, {
          topic: reply.topic,
          payload: Buffer.from(reply.payload),
          qos,
        })
        for (const message of messages) broker.publish(toPublication(message))
      }
    },
    onRegistryChange: (change) => {
      const nowMs = clock.nowMs()
      if (change.kind === 'thingGroupMembership') {
        engine.onMembershipChanged(change.thingName, change.thingGroupName, nowMs)
      } else if (change.kind === 'thing' && change.after === undefined) {
        engine.onThingDeleted(change.thingName, nowMs)
      } else if (change.kind === 'thingGroup' && change.after === undefined) {
        engine.onGroupDeleted(change.thingGroupName, nowMs)
      }
    },
    settle: () => alarm.settle(),
    reset: () => alarm.stop(),
    stop: () => alarm.stop(),
  }
}

/** jobs J35. */
function internalError(topic: string, nowMs: number): JobsMessage {
  const timestamp = Math.floor(nowMs / 1000)
  const body = { timestamp, code: 'InternalError', message: 'the server failed on this request' }
  return { topic: `${topic}/rejected`, payload: JSON.stringify(body) }
}

function toPublication({ topic, payload }: JobsMessage): {
  topic: string
  payload: Uint8Array
  qos: 1
} {
  return { topic, payload: Buffer.from(payload), qos: 1 }
}

/** Wakes the engine when work falls due, and does that work one slice a turn. */
class DueAlarm {
  readonly #ports: JobsShellPorts
  readonly #engine: () => JobsEngine
  #cancel: CancelAlarm | undefined
  #armedAtMs = Infinity
  #working: Promise<void> | undefined
  #stopped = false

  constructor(ports: JobsShellPorts, engine: () => JobsEngine) {
    this.#ports = ports
    this.#engine = engine
  }

  /** Makes sure to wake at this time or before; work that is due already starts after this turn. */
  wakeAt(dueAtMs: number): void {
    if (this.#working !== undefined || dueAtMs >= this.#armedAtMs) return
    this.#cancel?.()
    this.#cancel = undefined
    this.#armedAtMs = Infinity
    this.#stopped = false
    if (dueAtMs <= this.#ports.clock.nowMs()) {
      void this.#run()
      return
    }
    this.#armedAtMs = dueAtMs
    this.#cancel = this.#ports.clock.setAlarm(dueAtMs, () => {
      this.#armedAtMs = Infinity
      void this.#run()
    })
  }

  /** Arms for the earliest work in the store. */
  resume(): void {
    const dueAtMs = this.#engine().nextDueAtMs()
    if (dueAtMs !== undefined) this.wakeAt(dueAtMs)
  }

  /** Does all work that is due now; work that one slice makes due included. */
  async settle(): Promise<void> {
    do await this.#run()
    while (
      !this.#stopped &&
      (this.#engine().nextDueAtMs() ?? Infinity) <= this.#ports.clock.nowMs()
    )
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#cancel = undefined
    this.#armedAtMs = Infinity
  }

  #run(): Promise<void> {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      if (!this.#stopped) this.resume()
    })
    return this.#working
  }

  async #work(): Promise<void> {
    const { clock, turn, onFault } = this.#ports
    try {
      // Never inside the request that made the work due: its reply goes first.
      await turn.committed()
      while (!this.#stopped && this.#engine().runDue(clock.nowMs(), EXECUTIONS_PER_TURN)) {
        await turn.committed()
      }
      await turn.committed()
    } catch (cause) {
      // Not again at once: the work is still due and the next change wakes it.
      this.#stopped = true
      onFault(cause)
    }
  }
}
