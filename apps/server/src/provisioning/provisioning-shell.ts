/**
 * Onboarding joined to the rest of the server: just-in-time registration, fleet provisioning, what
 * expires, bulk registration.
 */
import type { Broker, ReservedCall } from '@muster/broker'
import type { CancelAlarm, Clock } from '@muster/clock'
import { certificatePem } from '@muster/pki'
import type { Registry } from '@muster/registry'
import type { Refusals } from '../decisions/refusals.ts'
import type { Logger } from '../log.ts'
import { mqttStatus, type AnsweredOverMqtt } from '../mqtt-operations.ts'
import type { Slices } from '../slices.ts'
import type { Turn } from '../turn.ts'
import { fleetProvisioning, type ProvisioningAnswer } from './fleet-provisioning.ts'
import { KeyPairs } from './key-pairs.ts'
import { httpHook } from './pre-provisioning-hook.ts'
import { startRegistrationTasks, type RegistrationTasks } from './registration-tasks.ts'

/** What {@link startProvisioning} joins. */
export interface ProvisioningPorts {
  readonly registry: Registry
  readonly clock: Clock
  readonly turn: Turn
  readonly slices: Slices
  readonly broker: Pick<Broker, 'isConnected' | 'publish' | 'replyDirect'>
  /** Callback address of a pre-provisioning hook by its `targetArn`. */
  readonly hooks: ReadonlyMap<string, string>
  /** Folder that stands for S3. */
  readonly s3Folder: string | undefined
  /** A link to an S3 object, good for so many seconds. */
  presign(url: string, expiresInSec: number, nowMs: number): string
  /** Told of every request over MQTT that was answered. */
  readonly answered: AnsweredOverMqtt
  /** Whether an operation of onboarding is over its rate; absent: no rates (gateway G123). */
  throttled?(operation: OnboardingOperation): boolean
  readonly refusals: Pick<Refusals, 'deviceRequest'>
  readonly log: Logger
}

/** What has a rate of its own (gateway section 8). */
export type OnboardingOperation =
  | 'CreateCertificateFromCsr'
  | 'CreateKeysAndCertificate'
  | 'RegisterThing'
  | 'RegisterJustInTime'

const reportLinkSeconds = 3600

/** Onboarding at work. */
export interface ProvisioningShell {
  readonly tasks: RegistrationTasks
  /** For everyone who needs a pair. */
  readonly keyPairs: KeyPairs
  /**
   * What publishes to a provisioning topic call: it replies to the connection that asked.
   *
   * @returns undefined for another topic
   */
  reserved(topic: string): ReservedCall | undefined
  /** Takes a CONNECT with an unregistered or not yet activated certificate (gateway G96). */
  onUnknownCertificate(unknown: {
    readonly raw: Uint8Array
    readonly clientId: string
    readonly sourceIp: string
    readonly serverName: string | undefined
  }): void
  /** Looks again what expires next; call it after a change of the registry. */
  arm(): void
  /** Resolves when everything begun so far has been answered, but for who waits for a key pair. */
  settled(): Promise<void>
  /** Stops timers and tasks. */
  stop(): void
}

/** Starts onboarding: replies leave through the broker, after the turn that they depend on. */
export function startProvisioning(ports: ProvisioningPorts): ProvisioningShell {
  const { broker, clock, log, registry, turn } = ports
  const nowMs = (): number => clock.nowMs()
  const pending = new Set<Promise<void>>()
  const keyPairs = new KeyPairs()
  const fleet = fleetProvisioning({
    registry,
    keyPairs,
    isConnected: (connectionId) => broker.isConnected(connectionId),
    hook: httpHook(ports.hooks),
    throttled: (operation) => ports.throttled?.(operation) === true,
    nowMs,
    rejected: ({ connectionId: _connectionId, operation, ...who }, { code, message }) =>
      ports.refusals.deviceRequest({
        ...who,
        kind: 'provisioning',
        action: `iot:${operation}`,
        code,
        message,
      }),
  })
  const tasks = startRegistrationTasks({
    registry,
    turn,
    slices: ports.slices,
    s3Folder: ports.s3Folder,
    link: (bucket, key) =>
      ports.presign(`https://s3.amazonaws.com/${bucket}/${key}`, reportLinkSeconds, nowMs()),
    nowMs,
    fault: (cause) => log.error({ event: 'registrationTask.failed', cause: String(cause) }),
  })
  const expiry = expiryAlarm(ports)

  const answer = async (
    connectionId: string,
    requestTopic: string,
    { operation, reply }: ProvisioningAnswer,
  ): Promise<void> => {
    const startedMs = performance.now()
    try {
      const { topic, payload } = await reply
      broker.replyDirect(connectionId, { topic, payload, qos: 1 })
      expiry.arm()
      const text = Buffer.from(payload).toString('latin1')
      ports.answered(operation, mqttStatus({ topic, payload: text }), performance.now() - startedMs)
      await turn.committed()
    } catch (cause) {
      log.error({ event: 'provisioning.failed', topic: requestTopic, cause: String(cause) })
    }
  }
  return {
    tasks,
    keyPairs,
    reserved: (topic) => {
      const call = fleet(topic)
      if (call === undefined) return undefined
      return (request) => {
        const asked = call(request)
        const done = answer(request.connectionId, topic, asked).finally(() => pending.delete(done))
        if (asked.operation !== 'CreateKeysAndCertificate') pending.add(done)
      }
    },
    onUnknownCertificate: ({ clientId, raw, serverName, sourceIp }) => {
      if (ports.throttled?.('RegisterJustInTime') === true) return
      const registered = registry.registerJustInTime(
        { certificatePem: certificatePem(raw), sourceIp, serverName },
        nowMs(),
      )
      if (!registered.ok) return
      const { event, provisioningFailure } = registered.value
      const { caCertificateId, certificateId } = event
      if (provisioningFailure !== undefined) {
        ports.refusals.deviceRequest({
          kind: 'provisioning',
          action: 'iot:RegisterThing',
          topic: `$aws/events/certificates/registered/${caCertificateId}`,
          code: 'JustInTimeProvisioningFailed',
          message: provisioningFailure,
          principalId: certificateId,
          clientId,
          sourceIp,
        })
      }
      broker.publish({
        topic: `$aws/events/certificates/registered/${caCertificateId}`,
        payload: new TextEncoder().encode(JSON.stringify(event)),
        qos: 1,
      })
    },
    arm: expiry.arm,
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending)
      await tasks.idle()
    },
    stop: () => {
      expiry.stop()
      tasks.stop()
      keyPairs.stop()
    },
  }
}

/** Tokens and claims end on the clock (gateway G104, G106). */
function expiryAlarm({ clock, registry }: ProvisioningPorts): {
  arm(): void
  stop(): void
} {
  let cancel: CancelAlarm | undefined
  let armedAtMs: number | undefined
  let stopped = false
  const arm = (): void => {
    const dueAtMs = stopped ? undefined : registry.nextProvisioningExpiryMs()
    if (dueAtMs === armedAtMs) return
    cancel?.()
    armedAtMs = dueAtMs
    cancel = dueAtMs === undefined ? undefined : clock.setAlarm(dueAtMs, expire)
  }
  const expire = (): void => {
    armedAtMs = undefined
    registry.expireProvisioning(clock.nowMs())
    arm()
  }
  arm()
  return {
    arm,
    stop: () => {
      stopped = true
      arm()
    },
  }
}
