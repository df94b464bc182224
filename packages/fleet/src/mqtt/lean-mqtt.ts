/**
 * An MQTT client that costs little: one socket, no timers, no queue, no session kept. Made for
 * thousands in a process: it reads the packets that come often in place, acknowledges what is delivered
 * with QoS 1, and leaves everything else to who listens.
 */
import type { SecureContext, TLSSocket } from 'node:tls'
import { openTlsSocket, type DeviceEndpoint } from '@muster/device'
import { present } from '@muster/model'
import { generate } from 'mqtt-packet'
import {
  connackCode,
  frameAt,
  packetTypes,
  pubackFrame,
  publishFrame,
  publishIn,
  type IncomingMessage,
} from './frames.ts'

/** Who connects, and where. */
export interface LeanMqttOptions {
  readonly endpoint: DeviceEndpoint
  readonly clientId: string
  /** The client's certificate; it is dear to make, and can be used again. */
  readonly secureContext: SecureContext
  readonly protocolVersion?: 4 | 5
  /** Default 600: nobody pings before. */
  readonly keepAliveSeconds?: number
  readonly localAddress?: string | undefined
}

/** Told of what happens to a client; one for all of them, where they are many. */
export interface LeanMqttListener {
  readonly connected?: (client: LeanMqtt) => void
  readonly message?: (client: LeanMqtt, message: IncomingMessage) => void
  /**
   * Every other packet after the CONNACK: `packetTypes`, and what follows its fixed header, which does
   * not outlive the call.
   */
  readonly packet?: (client: LeanMqtt, type: number, body: Buffer) => void
  /** Once, unless the client ended it; `code` where the server refused by CONNACK. */
  readonly closed?: (client: LeanMqtt, cause: Error, code?: number) => void
}

/** A connection from its beginning to its end. */
export class LeanMqtt {
  readonly clientId: string
  readonly protocolVersion: 4 | 5
  readonly socket: TLSSocket
  readonly #listener: LeanMqttListener
  #rest: Buffer | undefined
  #isOpen = false
  #isOver = false
  #refusedWith: number | undefined
  #messageId = 0

  constructor(options: LeanMqttOptions, listener: LeanMqttListener) {
    const { clientId, endpoint, localAddress, secureContext } = options
    const { keepAliveSeconds = 600, protocolVersion = 4 } = options
    this.clientId = clientId
    this.protocolVersion = protocolVersion
    this.#listener = listener
    const tls = { secureContext, ...present({ localAddress }) }
    this.socket = openTlsSocket(endpoint, endpoint.mqttPort ?? 8883, undefined, tls)
    this.socket.setNoDelay(true)
    this.socket.on('error', (cause) => this.#over(cause))
    this.socket.on('close', () => this.#over(new Error(`${clientId}: the server closed`)))
    this.socket.on('data', (bytes: Buffer) => this.#read(bytes))
    const keepalive = keepAliveSeconds
    this.socket.write(
      generate({ cmd: 'connect', clientId, clean: true, keepalive, protocolVersion }),
    )
  }

  /** Whether the server said CONNACK and neither side has ended it. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isOver
  }

  /**
   * Publishes with QoS 1, or with QoS 0.
   *
   * @returns the id that its PUBACK will bear; 0 with QoS 0, which has none
   */
  publish(topic: string, payload: Buffer, qos: 0 | 1): number {
    const messageId = qos === 0 ? 0 : this.#nextId()
    this.socket.write(publishFrame(topic, payload, messageId, this.protocolVersion))
    return messageId
  }

  /** @returns the id that its SUBACK will bear */
  subscribe(topics: readonly string[], qos: 0 | 1 = 1): number {
    const messageId = this.#nextId()
    const subscriptions = topics.map((topic) => ({ topic, qos }))
    const { protocolVersion } = this
    this.write(generate({ cmd: 'subscribe', messageId, subscriptions }, { protocolVersion }))
    return messageId
  }

  /** Bytes that the caller knows to be packets. */
  write(bytes: Uint8Array): void {
    this.socket.write(bytes)
  }

  /** Says DISCONNECT and closes. */
  end(): void {
    this.#isOver = true
    this.socket.end(FAREWELL)
  }

  /** Closes as a client does that loses its power. */
  destroy(): void {
    this.#isOver = true
    this.socket.destroy()
  }

  #read(bytes: Buffer): void {
    const all = this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes])
    // One write for the acknowledgements and what they lead to.
    this.socket.cork()
    let at = 0
    while (!this.#isOver) {
      const frame = frameAt(all, at)
      if (frame === undefined) break
      this.#take(all[at] ?? 0, all.subarray(frame.bodyAt, frame.end))
      at = frame.end
    }
    this.socket.uncork()
    this.#rest = at === all.length ? undefined : all.subarray(at)
  }

  #take(head: number, body: Buffer): void {
    const type = head >> 4
    if (type === packetTypes.publish) {
      const message = publishIn(body, head & 15, this.protocolVersion)
      if (message.qos === 1) this.socket.write(pubackFrame(message.messageId))
      this.#listener.message?.(this, message)
    } else if (type !== packetTypes.connack) {
      this.#listener.packet?.(this, type, body)
    } else if (connackCode(body) === 0) {
      this.#isOpen = true
      this.#listener.connected?.(this)
    } else {
      this.#refusedWith = connackCode(body)
      this.socket.destroy()
    }
  }

  #over(cause: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listener.closed?.(this, cause, this.#refusedWith)
  }

  #nextId(): number {
    this.#messageId = (this.#messageId % 65_535) + 1
    return this.#messageId
  }
}

const FAREWELL = generate({ cmd: 'disconnect' })
