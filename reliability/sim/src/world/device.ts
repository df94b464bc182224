/**
 * One device: an MQTT client of either version that does as it is told, and what it knows of its
 * connection.
 */
import { generate, parser, type Packet, type Parser } from 'mqtt-packet'
import type { Tally } from '../tally.ts'
import type { Identity } from './fleet.ts'
import type { Link } from './link.ts'

/** What a device asked and waits to be answered. */
export interface Asked {
  readonly topic: string
  readonly token: string
}

/** A device that speaks MQTT. */
export class Device {
  readonly identity: Identity
  readonly version: 4 | 5
  readonly #tally: Tally
  link: Link | undefined
  /** Whether a CONNACK said yes. */
  isConnected = false
  isPersistent = false
  /** Acknowledges what it is sent with QoS 1. */
  acknowledges = true
  readonly asked: Map<string, Asked> = new Map()
  #parser: Parser | undefined
  #packetId = 0
  #tokens = 0
  /** Acknowledgements kept back. */
  #unacknowledged: number[] = []
  /** The last QoS 1 PUBLISH that was sent, to send it twice. */
  #lastPublish: Buffer | undefined
  /** Told of every PUBLISH that it read. */
  onMessage: (topic: string, payload: string) => void = () => {}

  constructor(identity: Identity, version: 4 | 5, tally: Tally) {
    this.identity = identity
    this.version = version
    this.#tally = tally
  }

  get name(): string {
    return this.identity.name
  }

  /** Whether it has a connection that it believes in. */
  get isOnline(): boolean {
    return this.link !== undefined && this.isConnected
  }

  connect(link: Link, persistent: boolean, receiveMaximum: number): void {
    this.link = link
    this.isConnected = false
    this.isPersistent = persistent
    this.acknowledges = true
    this.asked.clear()
    this.#unacknowledged = []
    this.#lastPublish = undefined
    this.#parser = parser({ protocolVersion: this.version })
    this.#parser.on('packet', (packet) => this.#read(packet))
    const properties =
      this.version === 5
        ? { properties: { receiveMaximum, ...(persistent && { sessionExpiryInterval: 3600 }) } }
        : {}
    this.#send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: this.version,
      clientId: this.name,
      clean: !persistent,
      keepalive: 60,
      ...properties,
    })
  }

  subscribe(filters: readonly string[]): void {
    this.#send({
      cmd: 'subscribe',
      messageId: this.#nextId(),
      subscriptions: filters.map((topic) => ({ topic, qos: 1 })),
    })
  }

  unsubscribe(filter: string): void {
    this.#send({ cmd: 'unsubscribe', messageId: this.#nextId(), unsubscriptions: [filter] })
  }

  publish(topic: string, payload: string, qos: 0 | 1): number {
    const messageId = qos === 1 ? this.#nextId() : 0
    const packet: Packet = {
      cmd: 'publish',
      topic,
      payload,
      qos,
      retain: false,
      dup: false,
      ...(qos === 1 && { messageId }),
    }
    const bytes = this.#send(packet)
    this.#lastPublish = qos === 1 ? bytes : undefined
    return messageId
  }

  /** Sends its last QoS 1 PUBLISH again, as a client does that missed the acknowledgement. */
  repeatPublish(): boolean {
    const bytes = this.#lastPublish
    if (bytes === undefined || this.link === undefined) return false
    const again = Buffer.from(bytes)
    again.writeUInt8(again.readUInt8(0) | 0x08, 0)
    this.link.send(again)
    // What is asked twice is answered twice.
    this.#lastPublish = undefined
    return true
  }

  /** Publishes a request of Jobs with a token of its own. */
  ask(topic: string, fields: object): string {
    this.#tokens += 1
    const token = `${this.name}-${this.#tokens}`
    this.asked.set(token, { topic, token })
    this.publish(topic, JSON.stringify({ ...fields, clientToken: token }), 1)
    return token
  }

  ping(): void {
    this.#send({ cmd: 'pingreq' })
  }

  /** Says goodbye and closes. */
  disconnect(): void {
    this.#send({ cmd: 'disconnect' })
    this.link?.closeByClient()
    this.gone()
  }

  /** Reads bytes that arrived. */
  receive(bytes: Uint8Array): void {
    this.#parser?.parse(Buffer.from(bytes))
  }

  /** Acknowledges what it kept back. */
  catchUp(): void {
    this.acknowledges = true
    for (const messageId of this.#unacknowledged.splice(0)) this.#send({ cmd: 'puback', messageId })
  }

  /** The connection is over. */
  gone(): void {
    this.link = undefined
    this.isConnected = false
    this.asked.clear()
  }

  #read(packet: Packet): void {
    this.#tally.add('messages', `${packet.cmd} to a device`)
    if (packet.cmd === 'connack') this.isConnected = (packet.returnCode ?? packet.reasonCode) === 0
    if (packet.cmd !== 'publish') return
    this.onMessage(packet.topic, packet.payload.toString())
    if (packet.qos !== 1 || packet.messageId === undefined) return
    if (this.acknowledges) this.#send({ cmd: 'puback', messageId: packet.messageId })
    else this.#unacknowledged.push(packet.messageId)
  }

  #nextId(): number {
    this.#packetId = (this.#packetId % 65_535) + 1
    return this.#packetId
  }

  #send(packet: Packet): Buffer {
    const bytes = generate(packet, { protocolVersion: this.version })
    this.link?.send(bytes)
    return bytes
  }
}
