/** A device over MQTT: does every job, and publishes readings that wait for who is away. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LeanMqtt, leanSecureContext, packetTypes, pubackIn } from '@muster/fleet'
import { Work, type Answer, type DeviceOptions, type Line } from './device-work.ts'
import { RETRY_MS, TIMEOUT_MS } from './work.ts'

/** Works until the signal aborts, over as many connections as it takes. */
export async function runMqttDevice(
  options: DeviceOptions & { readonly protocolVersion: 4 | 5 },
  signal: AbortSignal,
): Promise<void> {
  const work = new Work(options)
  while (!signal.aborted) {
    try {
      const line = await open(options, signal)
      try {
        while (!signal.aborted) {
          await options.gate.passed()
          await work.next(line)
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

interface MqttLine extends Line {
  readonly client: LeanMqtt
}

function open(
  { thingName, endpoint, identity, protocolVersion }: Parameters<typeof runMqttDevice>[0],
  signal: AbortSignal,
): Promise<MqttLine> {
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
    const ask = (request: string, payload: object): Promise<Answer> =>
      within((done, broken) => {
        answered = (topic, bytes) => {
          if (topic === `${prefix}${request}/accepted`) done(JSON.parse(bytes.toString()))
          if (topic === `${prefix}${request}/rejected`) broken(new Error(bytes.toString()))
        }
        client.publish(prefix + request, Buffer.from(JSON.stringify(payload)), 1)
      })
    const line: Line = {
      startNext: () => ask('start-next', {}),
      update: (jobId, update) => ask(`${jobId}/update`, update),
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
