/**
 * One MQTT client of a case: what it received, and whether the server closed it.
 */
import { decode } from 'cborg'
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient, type Packet } from 'mqtt'
import type { Json } from '../scenario-format.ts'

/** A message as it came. */
export interface CaseMessage {
  readonly topic: string
  /** JSON where it is, else the text. */
  readonly payload: Json
  readonly bytes: Uint8Array
  readonly qos: number
  readonly retain: boolean
  /** MQTT 5. */
  readonly properties: Json
}

const ANSWER_MS = 5000

/** A client, connected or closed. */
export class CaseClient {
  readonly #client: MqttClient
  #received: CaseMessage[] = []
  #leaving = false
  #wasClosed = false
  /** When it last received something, wall milliseconds. */
  lastReceivedMs = 0

  private constructor(client: MqttClient) {
    this.#client = client
    client.on('message', (topic, payload, packet) => this.#take(topic, payload, packet))
    client.on('close', () => (this.#wasClosed ||= !this.#leaving))
    // A refusal is seen by its close.
    client.on('error', () => {})
  }

  /**
   * Connects.
   *
   * @param url - `mqtts://…` or `ws://…`
   * @returns undefined when there was no CONNACK 0
   */
  static async open(url: string, options: IClientOptions): Promise<CaseClient | undefined> {
    const client = mqtt.connect(url, {
      reconnectPeriod: 0,
      resubscribe: false,
      connectTimeout: ANSWER_MS,
      ...options,
    })
    const opened = new CaseClient(client)
    const connected = await new Promise<boolean>((resolve) => {
      client.once('connect', () => resolve(true))
      client.once('close', () => resolve(false))
      client.once('error', () => resolve(false))
    })
    if (connected) return opened
    await opened.close()
    return undefined
  }

  get isConnected(): boolean {
    return this.#client.connected
  }

  /**
   * Subscribes with QoS 1, a packet each: AWS takes eight filters in one (gateway G41).
   *
   * @returns the return codes; fewer when the connection ended instead
   */
  async subscribe(filters: readonly string[]): Promise<readonly number[]> {
    const codes: number[] = []
    for (const filter of filters) codes.push(...(await this.#subscribe(filter)))
    return codes
  }

  async #subscribe(filter: string): Promise<readonly number[]> {
    const granted = this.#next('suback')
    this.#client.subscribe(filter, { qos: 1 }, () => {})
    const packet = (await granted) as
      | { granted?: readonly (number | { qos: number })[] }
      | undefined
    return (packet?.granted ?? []).map((code) => (typeof code === 'number' ? code : code.qos))
  }

  /** Publishes with QoS 1. @returns whether PUBACK came */
  async publish(topic: string, payload: Uint8Array): Promise<boolean> {
    const acknowledged = this.#next('puback')
    this.#client.publish(topic, Buffer.from(payload), { qos: 1 }, () => {})
    return (await acknowledged) !== undefined
  }

  /** Resolves when everything that the server wrote before has arrived. */
  async barrier(): Promise<void> {
    if (!this.isConnected) return
    const answered = this.#next('pingresp')
    this.#client.sendPing()
    await answered
  }

  take(): readonly CaseMessage[] {
    return this.#received.splice(0)
  }

  /** What `take` would take. */
  get received(): readonly CaseMessage[] {
    return this.#received
  }

  /** Whether the server has closed the connection since the last look. */
  takeClosed(): boolean {
    const closed = this.#wasClosed
    this.#wasClosed = false
    return closed
  }

  get wasClosed(): boolean {
    return this.#wasClosed
  }

  /** Leaves in order. */
  async disconnect(): Promise<void> {
    this.#leaving = true
    if (this.isConnected) await this.#client.endAsync()
  }

  /** Ends at once. */
  async close(): Promise<void> {
    this.#leaving = true
    await this.#client.endAsync(true)
  }

  /** The next packet of a kind; undefined when the connection ends first, or after five seconds. */
  #next(kind: Packet['cmd']): Promise<Packet | undefined> {
    const client = this.#client
    return new Promise((resolve) => {
      const end = (packet?: Packet): void => {
        clearTimeout(timer)
        client.off('packetreceive', look).off('close', closed)
        resolve(packet)
      }
      const look = (packet: Packet): void => {
        if (packet.cmd === kind) end(packet)
      }
      const closed = (): void => end()
      const timer = setTimeout(closed, ANSWER_MS)
      client.on('packetreceive', look).once('close', closed)
      if (!client.connected) end()
    })
  }

  #take(topic: string, payload: Buffer, packet: IPublishPacket): void {
    this.lastReceivedMs = performance.now()
    const { qos, retain, properties = {} } = packet
    this.#received.push({
      topic,
      payload: parsed(payload.toString('utf8')),
      bytes: payload,
      qos,
      retain,
      properties: JSON.parse(JSON.stringify(properties)) as Json,
    })
  }
}

/** CBOR as JSON: a byte string is `{"$bytes": base64}`. */
export function cborAsJson(bytes: Uint8Array): Json {
  return asJson(decode(bytes))
}

function asJson(value: unknown): Json {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asJson(member)]))
  }
  return typeof value === 'bigint' ? Number(value) : (value as Json)
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
