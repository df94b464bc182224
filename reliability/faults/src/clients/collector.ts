/**
 * A client with a persistent session that is away most of the time: what was acknowledged to who published
 * must be there when it comes.
 */
import mqtt from 'mqtt'
import type { TestDevice } from '@muster/server/testkit'

/** How long the broker may be silent before a client goes that has not got all it wants. */
const SILENCE_MS = 4_000

/** Collects what waits. */
export class Collector {
  readonly #device: TestDevice
  readonly #server: { readonly mqttPort: number; readonly caPem: string }
  /** Everything that ever came. */
  readonly received: Set<string> = new Set()
  #came = false
  #lostSession = false
  #mayHaveExpired = false

  constructor(device: TestDevice, server: { readonly mqttPort: number; readonly caPem: string }) {
    this.#device = device
    this.#server = server
  }

  /** The server's clock passed by the longest that a session lasts: it may begin anew, once (gateway G23). */
  sessionMayExpire(): void {
    this.#mayHaveExpired = true
  }

  /** Whether its session began anew since this was asked last, and whether that was its right end. */
  takeNewSession(): 'expired' | 'lost' | undefined {
    const isNew = this.#lostSession
    const mayBe = this.#mayHaveExpired
    this.#lostSession = false
    this.#mayHaveExpired = false
    if (!isNew) return undefined
    return mayBe ? 'expired' : 'lost'
  }

  /** Comes, takes what waits until it has all that is wanted or nothing more comes, and goes. */
  async collect(wanted: ReadonlySet<string>): Promise<void> {
    const { certificatePem, privateKeyPem, thingName } = this.#device
    const client = mqtt.connect(`mqtts://localhost:${this.#server.mqttPort}`, {
      ca: this.#server.caPem,
      cert: certificatePem,
      key: privateKeyPem,
      clientId: thingName,
      protocolVersion: 5,
      clean: false,
      properties: { sessionExpiryInterval: 86_400, receiveMaximum: 100 },
      reconnectPeriod: 0,
      // Of the client's own: on a busy machine a shorter one would look like a server that hangs up.
      connectTimeout: 30_000,
    })
    try {
      await new Promise<void>((resolve, reject) => {
        const missing = new Set([...wanted].filter((id) => !this.received.has(id)))
        let silence = setTimeout(resolve, SILENCE_MS)
        client.on('message', (_topic, payload) => {
          const id = payload.toString()
          this.received.add(id)
          missing.delete(id)
          clearTimeout(silence)
          if (missing.size === 0) resolve()
          else silence = setTimeout(resolve, SILENCE_MS)
        })
        client.once('connect', ({ sessionPresent }) => {
          this.#lostSession ||= this.#came && !sessionPresent
          this.#came = true
          if (!sessionPresent) void client.subscribeAsync('events/#', { qos: 1 }).then(() => {})
          if (missing.size === 0)
            client.subscribeAsync('events/#', { qos: 1 }).then(() => resolve(), reject)
        })
        client.once('error', reject)
        client.once('close', () => reject(new Error('the server closed')))
      })
    } finally {
      await client.endAsync().catch(() => {})
    }
  }
}
