/**
 * MQTT clients over mutual TLS that keep what they receive.
 */
import type { Socket } from 'node:net'
import mqtt, { type MqttClient } from 'mqtt'
import type { Json } from './scenario-format.ts'
import type { ReceivedMessage } from './scenario-target.ts'

/** A device's identity. */
export interface WireIdentity {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** Where devices connect. */
export interface MqttEndpoint {
  readonly host: string
  readonly port: number
  /** PEM of the authority; the system's when absent. */
  readonly ca: string | undefined
}

/** Barrier topic of a client that names no other: no policy or scenario speaks of it. */
const BARRIER = 'muster-verify/barrier'
const CONNECT_ATTEMPTS = 5
const CLOSED = 'the server closed the connection'

/** One connected client. */
export class WireClient {
  readonly #client: MqttClient
  readonly #received: ReceivedMessage[] = []
  readonly #barrier: string
  /** When it last received something, wall milliseconds. */
  lastReceivedMs = 0

  private constructor(client: MqttClient, keeps: (topic: string) => boolean, barrier: string) {
    this.#client = client
    this.#barrier = barrier
    // A connection that breaks is seen by what does not arrive.
    client.on('error', () => {})
    client.on('message', (topic, payload) => {
      if (!keeps(topic)) return
      this.lastReceivedMs = performance.now()
      this.#received.push({ topic, payload: parsed(payload.toString('utf8')) })
    })
  }

  /**
   * Connects and subscribes with QoS 1.
   *
   * @param keeps - which topics count
   * @param barrier - a topic that it may publish to and nobody listens on
   */
  static async open(
    endpoint: MqttEndpoint,
    identity: WireIdentity,
    clientId: string,
    filters: readonly string[],
    keeps: (topic: string) => boolean,
    barrier: string = BARRIER,
  ): Promise<WireClient> {
    const client = await connect(endpoint, identity, clientId)
    const opened = new WireClient(client, keeps, barrier)
    for (const filter of filters) await client.subscribeAsync(filter, { qos: 1 })
    return opened
  }

  /** @throws Error when the connection is closed, or ends before the message is acknowledged */
  async publish(topic: string, payload: string): Promise<void> {
    const client = this.#client
    // The client would keep it for a connection that it is not going to open.
    if (!client.connected) throw new Error(CLOSED)
    const lost = Promise.withResolvers<never>()
    const close = (): void => lost.reject(new Error(CLOSED))
    client.once('close', close)
    try {
      await Promise.race([client.publishAsync(topic, payload, { qos: 1 }), lost.promise])
    } finally {
      client.off('close', close)
    }
  }

  /** Resolves when everything that the server wrote before has arrived. */
  async barrier(): Promise<void> {
    if (this.#client.connected) await this.publish(this.#barrier, '').catch(() => undefined)
  }

  take(): readonly ReceivedMessage[] {
    return this.#received.splice(0)
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true)
  }
}

/** On AWS a fresh certificate and policy take a moment, so a refusal is tried again. */
async function connect(
  { host, port, ca }: MqttEndpoint,
  { certificatePem, privateKeyPem }: WireIdentity,
  clientId: string,
): Promise<MqttClient> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const client = await mqtt.connectAsync({
        protocol: 'mqtts',
        host,
        port,
        ...(ca !== undefined && { ca }),
        cert: certificatePem,
        key: privateKeyPem,
        clientId,
        clean: true,
        reconnectPeriod: 0,
        connectTimeout: 10_000,
      })
      // Small packets follow one another: waiting for full segments would cost 40 ms each time.
      const { stream } = client
      if ('setNoDelay' in stream) (stream as unknown as Socket).setNoDelay(true)
      return client
    } catch (cause) {
      if (attempt >= CONNECT_ATTEMPTS) throw cause
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt))
    }
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
