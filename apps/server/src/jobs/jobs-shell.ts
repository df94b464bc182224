/**
 * The Jobs engine in the server: device requests from the broker, changes of the registry and the
 * clock go in; direct replies, notifications and events come out.
 */
import type { Broker, ReservedCall } from '@muster/broker'
import type { Clock } from '@muster/clock'
import {
  JobsEngine,
  type InstalledPackages,
  type JobPackages,
  type JobsLimits,
  type JobsMessage,
  type JobsPorts,
  type JobsState,
  type MqttAnswer,
  type MqttCall,
} from '@muster/jobs'
import type { Account } from '@muster/model'
import type { Registry, RegistryChange } from '@muster/registry'
import type { Health } from '../health.ts'
import type { Refusals } from '../decisions/refusals.ts'
import type { ThingTimelines } from '../timeline/thing-timelines.ts'
import type { Turn } from '../turn.ts'
import { jobsOperation, mqttStatus, type AnsweredOverMqtt } from '../mqtt-operations.ts'
import { DueAlarm } from './due-alarm.ts'
import { jobRegistry } from './job-registry.ts'

/** What the engine is joined to. */
export interface JobsShellPorts {
  readonly account: Account
  readonly clock: Clock
  /** A fresh unique id for an event. */
  readonly newId: () => string
  readonly turn: Turn
  readonly state: JobsState
  readonly registry: Registry
  /** The package catalog. */
  readonly packages: JobPackages
  /** Told what devices installed, after the answers to their reports. */
  readonly installed: (packages: InstalledPackages) => void
  readonly broker: Pick<Broker, 'publish' | 'replyDirect'>
  readonly refusals: Pick<Refusals, 'deviceRequest'>
  /** Links to S3 objects (jobs J103). */
  readonly presign: JobsPorts['presign']
  readonly throttled?: JobsPorts['throttled']
  readonly limits?: Partial<JobsLimits>
  /** Told of a device's request that threw: a bug, or damaged data. */
  readonly onFault: (cause: unknown) => void
  /** Due work that cannot even be found; see {@link DueAlarmPorts.onBroken}. */
  readonly onBroken: (cause: unknown) => void
  readonly health: Health
  /** Told what happens to things; nobody who hears of it has a say. */
  readonly timelines: Pick<ThingTimelines, 'happened' | 'notified'>
  /** Told of every request over MQTT that was answered. */
  readonly answered: AnsweredOverMqtt
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

/** Starts the service: due work that an earlier run left is resumed. */
export function startJobs(ports: JobsShellPorts): JobsShell {
  const { broker, clock, health, timelines } = ports
  const publish = (message: JobsMessage): void => {
    const receivers = broker.publish(toPublication(message))
    if (message.notice !== undefined) timelines.notified(message.notice, receivers)
  }
  const alarm = new DueAlarm(ports, () => engine)
  const engine = new JobsEngine({
    account: ports.account,
    state: ports.state,
    registry: jobRegistry(ports.registry),
    packages: ports.packages,
    installed: (packages) => health.guard('packages of jobs', () => ports.installed(packages)),
    // Whoever hears of a change has no say in it: due work must not fail for it.
    publish: (message) => health.guard('messages of Jobs', () => publish(message)),
    witness: (happening) => timelines.happened(happening),
    newId: ports.newId,
    presign: ports.presign,
    eventsEnabled: (eventType) => ports.registry.isEventEnabled(eventType),
    dueChanged: (dueAtMs) => alarm.wakeAt(dueAtMs),
    workFailed: ({ work, cause }) => health.failed(`due work ${work}`, cause),
    workRecovered: (work) => health.works(`due work ${work}`),
    ...(ports.throttled !== undefined && { throttled: ports.throttled }),
    ...(ports.limits !== undefined && { limits: ports.limits }),
  })
  const answer = (topic: string, call: MqttCall, payload: Uint8Array): MqttAnswer => {
    try {
      return call(payload, clock.nowMs())
    } catch (cause) {
      // A bug: the device is told, and everybody else is served on.
      ports.onFault(cause)
      return { reply: internalError(topic, clock.nowMs()), messages: [], installed: [] }
    }
  }
  alarm.resume()
  return {
    engine,
    nowMs: () => clock.nowMs(),
    reserved: (topic) => {
      const call = engine.mqttCall(topic)
      if (call === undefined) return undefined
      const operation = jobsOperation(topic)
      return ({ connectionId, payload, qos, clientId, principalId, sourceIp }) => {
        const startedMs = performance.now()
        const { reply, messages, installed, rejected } = answer(topic, call, payload)
        if (operation !== undefined) {
          ports.answered(operation, mqttStatus(reply), performance.now() - startedMs)
        }
        if (rejected !== undefined) {
          const { operation: refused, ...why } = rejected
          const action = refused && `iotjobsdata:${refused}`
          const who = { clientId, principalId, sourceIp }
          ports.refusals.deviceRequest({ kind: 'jobs', action, topic, ...why, ...who })
        }
        broker.replyDirect(connectionId, {
          topic: reply.topic,
          payload: Buffer.from(reply.payload),
          qos,
        })
        for (const message of messages) publish(message)
        for (const packages of installed) ports.installed(packages)
      }
    },
    onRegistryChange: (change) => {
      const nowMs = clock.nowMs()
      if (change.kind === 'thingGroupMembership') {
        const { thingName, thingGroupName, added } = change
        engine.onMembershipChanged(thingName, thingGroupName, added, nowMs)
      } else if (change.kind === 'thing' && change.after === undefined) {
        engine.onThingDeleted(change.thingName, nowMs)
      } else if (change.kind === 'thingGroup' && change.after === undefined) {
        engine.onGroupDeleted(change.thingGroupName, nowMs)
      }
    },
    settle: () => alarm.settle(),
    reset: () => {
      alarm.stop()
      engine.reset()
    },
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
