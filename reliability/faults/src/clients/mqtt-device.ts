/** A device over MQTT: does every job, and publishes readings that wait for who is away. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LeanMqtt, leanSecureContext, packetTypes, pubackIn } from '@muster/fleet'
import type { DeviceEndpoint, DeviceIdentity } from '@muster/device'
import type { Account } from '../account.ts'
import type { Gate } from '../gate.ts'
import { executionKey, messageKey, REST_MS, RETRY_MS, TIMEOUT_MS } from './work.ts'

/** What a device needs to work. */
export interface DeviceOptions {
  readonly thingName: string
  readonly endpoint: DeviceEndpoint
  readonly identity: DeviceIdentity
  readonly account: Account
  readonly gate: Gate
}

interface Execution {
  readonly jobId: string
  readonly versionNumber: number
}

/** Works until the signal aborts, over as many connections as it takes. */
export async function runMqttDevice(
  options: DeviceOptions & { readonly protocolVersion: 4 | 5 },
  signal: AbortSignal,
): Promise<void> {
  const counter = { messages: 0 }
  while (!signal.aborted) {
    try {
      const line = await open(options, signal)
      try {
        while (!signal.aborted) {
          await options.gate.passed()
          await workOnce(options, line, counter)
        }
      } finally {
        line.client.destroy()
      }
    } catch {
      // Whatever was under way was not acknowledged; the next connection goes on.
      await sleep(RETRY_MS)
    }
  }
}

interface Line {
  readonly client: LeanMqtt
  /** Asks the Jobs service. @throws Error when it rejects, or no answer comes */
  ask(request: string, payload: object): Promise<Record<string, unknown>>
  /** Publishes with QoS 1 and resolves with its PUBACK. */
  publish(topic: string, payload: string): Promise<void>
}

function open(
  { thingName, endpoint, identity, protocolVersion }: Parameters<typeof runMqttDevice>[0],
  signal: AbortSignal,
): Promise<Line> {
  return new Promise((resolve, reject) => {
    const prefix = `$aws/things/${thingName}/jobs/`
    let answered: ((topic: string, payload: Buffer) => void) | undefined
    const acknowledged = new Map<number, () => void>()
    let fail = reject
    const within = <T>(begin: (done: (value: T) => void, broken: (cause: Error) => void) => void) =>
      new Promise<T>((done, broken) => {
        const late = setTimeout(() => broken(new Error('no answer')), TIMEOUT_MS)
        const settle = <A>(settled: (value: A) => void) => {
          return (value: A): void => {
            clearTimeout(late)
            settled(value)
          }
        }
        fail = settle(broken)
        begin(settle(done), settle(broken))
      })
    const late = setTimeout(() => {
      client.destroy()
      reject(new Error('no CONNACK'))
    }, TIMEOUT_MS)
    const line: Omit<Line, 'client'> = {
      ask: (request, payload) =>
        within((done, broken) => {
          answered = (topic, bytes) => {
            if (topic === `${prefix}${request}/accepted`) done(JSON.parse(bytes.toString()))
            if (topic === `${prefix}${request}/rejected`) broken(new Error(bytes.toString()))
          }
          client.publish(prefix + request, Buffer.from(JSON.stringify(payload)), 1)
        }),
      publish: (topic, payload) =>
        within<void>((done) => {
          acknowledged.set(client.publish(topic, Buffer.from(payload), 1), () => done(undefined))
        }),
    }
    const client = new LeanMqtt(
      {
        clientId: thingName,
        endpoint,
        protocolVersion,
        secureContext: leanSecureContext(endpoint, identity),
      },
      {
        connected: () => {
          clearTimeout(late)
          resolve({ client, ...line })
        },
        message: (_client, { topic, payload }) => answered?.(topic, payload),
        packet: (_client, type, body) => {
          if (type !== packetTypes.puback) return
          const { messageId, reason } = pubackIn(body)
          if (reason < 0x80) acknowledged.get(messageId)?.()
          acknowledged.delete(messageId)
        },
        closed: (_client, cause) => {
          clearTimeout(late)
          fail(cause)
        },
      },
    )
    signal.addEventListener('abort', () => client.destroy(), { once: true })
  })
}

async function workOnce(
  { thingName, account }: DeviceOptions,
  line: Line,
  counter: { messages: number },
): Promise<void> {
  const { execution } = (await line.ask('start-next', {})) as { readonly execution?: Execution }
  if (execution === undefined) {
    counter.messages += 1
    const id = `${thingName}-${counter.messages}-${Date.now()}`
    await line.publish(`events/${thingName}`, id)
    account.acknowledge(messageKey(id), 1)
    await sleep(REST_MS)
    return
  }
  const { jobId, versionNumber } = execution
  const key = executionKey(jobId, thingName)
  account.acknowledge(key, versionNumber)
  let version = versionNumber
  for (const status of ['IN_PROGRESS', 'SUCCEEDED'] as const) {
    const answer = await line.ask(`${jobId}/update`, {
      status,
      expectedVersion: version,
      includeJobExecutionState: true,
    })
    version = (answer['executionState'] as Execution).versionNumber
    account.acknowledge(key, version, status === 'SUCCEEDED' ? status : undefined)
  }
}
