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

/** Barrier topic of a client: no policy or scenario speaks of it. */
const BARRIER = 'muster-verify/barrier'
const CONNECT_ATTEMPTS = 5

/** One connected client. */
export class WireClient {
  readonly #client: MqttClient
  readonly #received: ReceivedMessage[] = []
  /** When it last received something, wall milliseconds. */
  lastReceivedMs = 0

  private constructor(client: MqttClient, keeps: (topic: string) => boolean) {
    this.#client = client
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
   */
  static async open(
    endpoint: MqttEndpoint,
    identity: WireIdentity,
    clientId: string,
    filters: readonly string[],
    keeps: (topic: string) => boolean,
  ): Promise<WireClient> {
    const client = await connect(endpoint, identity, clientId)
    const opened = new WireClient(client, keeps)
    for (const filter of filters) await client.subscribeAsync(filter, { qos: 1 })
    return opened
  }

  async publish(topic: string, payload: string): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1 })
  }

  /** Resolves when everything that the server wrote before has arrived. */
  async barrier(): Promise<void> {
    if (this.#client.connected) await this.#client.publishAsync(BARRIER, '', { qos: 1 })
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
