/**
 * The host's half of `k6/x/mqtt`, on MQTT.js. It does what Grafana's extension does, as far as a script
 * can tell: it connects again by itself, tells so before each attempt, fails what was to be subscribed
 * to, sends a publish of QoS 1 once more, and cannot end while one is open.
 */
import mqtt, { type MqttClient } from 'mqtt'

/** What a virtual user shows, and whom it trusts. */
export interface TlsIdentity {
  readonly cert: string
  readonly key: string
  readonly caPem: string
}

/** Told of what happens. */
export type Deliver = (event: Readonly<Record<string, unknown>>) => void

const RECONNECT_MS = 20

/** One `Client` of a script. */
export class HostMqttClient {
  readonly #clientId: string
  readonly #identity: TlsIdentity
  readonly #deliver: Deliver
  #client: MqttClient | undefined
  #acknowledgements = 0

  constructor(clientId: string, identity: TlsIdentity, deliver: Deliver) {
    this.#clientId = clientId
    this.#identity = identity
    this.#deliver = deliver
  }

  /** Whether it keeps its virtual user busy: connected, or on its way back. */
  get isBusy(): boolean {
    return this.#client !== undefined
  }

  /** @returns what went wrong; undefined when connected */
  connect(url: string, cleanSession: boolean): Promise<string | undefined> {
    const { cert, key, caPem } = this.#identity
    const client = mqtt.connect(url, {
      clientId: this.#clientId,
      cert,
      key,
      ca: caPem,
      clean: cleanSession,
      protocolVersion: 4,
      connectTimeout: 30_000,
      reconnectPeriod: RECONNECT_MS,
      resubscribe: false,
      queueQoSZero: false,
    })
    this.#client = client
    return new Promise((resolve) => {
      let isFirst = true
      const answer = (error?: string): void => {
        if (!isFirst) return
        isFirst = false
        if (error !== undefined) this.#drop()
        resolve(error)
      }
      client.on('connect', () => {
        answer()
        this.#deliver({ event: 'connect' })
      })
      client.on('error', (cause) => answer(cause.message))
      client.on('close', () => answer('EOF'))
      client.on('reconnect', () => this.#deliver({ event: 'reconnect' }))
      client.on('message', (topic, payload) =>
        this.#deliver({ event: 'message', topic, payload: payload.toString('latin1') }),
      )
    })
  }

  async publish(topic: string, payload: string, qos: 0 | 1): Promise<void> {
    const client = this.#connected()
    if (qos === 1) this.#acknowledgements += 1
    await client.publishAsync(topic, payload, { qos })
    if (qos === 1) this.#acknowledgements -= 1
  }

  async subscribe(topics: string[], qos: 0 | 1): Promise<void> {
    await this.#connected().subscribeAsync(topics, { qos })
  }

  /** @throws Error where the extension would never come back */
  end(): void {
    this.#connected()
    if (this.#acknowledgements > 0) {
      throw new Error('end() while a publish of QoS 1 is open stops the virtual user for ever')
    }
    this.#deliver({ event: 'end' })
    this.#drop()
  }

  /** The virtual user is gone. */
  abandon(): void {
    this.#client?.end(true)
    this.#client = undefined
  }

  #connected(): MqttClient {
    if (this.#client === undefined) throw new Error('not connected')
    return this.#client
  }

  #drop(): void {
    const client = this.#client
    this.#client = undefined
    client?.removeAllListeners('reconnect')
    // What MQTT.js still says of a connection that nobody has any more.
    client?.on('error', () => {})
    client?.end(!client.connected)
  }
}
