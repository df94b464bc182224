/**
 * The shadow rules in the server: requests of clients from the broker go in; answers, deltas and
 * documents come out as messages of the broker.
 */
import type { Broker, ReservedCall } from '@muster/broker'
import type { Clock } from '@muster/clock'
import { ShadowEngine, type ShadowMessage, type ShadowPorts } from '@muster/shadow'
import type { Refusals } from '../decisions/refusals.ts'
import type { AnsweredOverMqtt } from '../mqtt-operations.ts'

/** What the rules are joined to. */
export interface ShadowShellPorts {
  readonly clock: Pick<Clock, 'nowMs'>
  readonly state: ShadowPorts['state']
  readonly broker: Pick<Broker, 'publish'>
  readonly refusals: Pick<Refusals, 'deviceRequest'>
  /** Told after a shadow came to be, changed or went. */
  readonly changed: NonNullable<ShadowPorts['changed']>
  readonly throttled?: NonNullable<ShadowPorts['throttled']>
  /** Told of a request that threw: a bug, or damaged data. */
  readonly onFault: (cause: unknown) => void
  /** Told of every request over MQTT that was answered. */
  readonly answered: AnsweredOverMqtt
}

/** The shadow service of a server. */
export interface ShadowShell {
  readonly engine: ShadowEngine
  /**
   * What clients' publishes to a request topic call: it answers before this turn's packets leave.
   *
   * @returns undefined for another topic
   */
  reserved(topic: string): ReservedCall | undefined
}

/** Starts the service. */
export function startShadows(ports: ShadowShellPorts): ShadowShell {
  const { broker, changed, clock, onFault, refusals, state, throttled } = ports
  const publish = ({ topic, payload }: ShadowMessage): void => {
    broker.publish({ topic, payload: Buffer.from(payload), qos: 1 })
  }
  const engine = new ShadowEngine({
    state,
    publish,
    changed,
    failed: onFault,
    ...(throttled !== undefined && { throttled }),
  })
  return {
    engine,
    reserved: (topic) => {
      const call = engine.mqttCall(topic)
      if (call === undefined) return undefined
      return ({ payload, clientId, principalId, sourceIp }) => {
        const startedMs = performance.now()
        const { operation, thingName, rejected, status } = call(payload, clock.nowMs())
        ports.answered(operation, status, performance.now() - startedMs)
        if (rejected === undefined) return
        const who = { clientId, principalId, sourceIp, thingName }
        const action = `iot:${operation}`
        refusals.deviceRequest({ kind: 'shadow', action, topic, ...rejected, ...who })
      }
    },
  }
}
