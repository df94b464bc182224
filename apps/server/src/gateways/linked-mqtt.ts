/**
 * One MQTT client that came through a gateway: a channel of the link as {@link MqttSocket}. Not a
 * stream of Node's, which costs more a packet than the broker does.
 */
import { EventEmitter } from 'node:events'
import type { Channel, ChannelReceiver } from '@muster/link'
import type { MqttSocket } from '../listeners/mqtt-socket.ts'
import type { LinkedSocket } from '../listeners/secure-socket.ts'

export class LinkedMqtt extends EventEmitter implements MqttSocket, LinkedSocket, ChannelReceiver {
  readonly isLinked = true as const
  readonly #channel: Channel
  /** Received while paused; the gateway's credit bounds it. */
  #held: Buffer[] = []
  #paused = false
  #resuming = false
  #endHeld = false
  #closed = false
  /** Parts with the client because its gateway goes down; set by who attaches it. */
  shutDown: () => void = () => {}
  writableEnded = false
  readableDidRead = false

  constructor(channel: Channel) {
    super()
    this.#channel = channel
    channel.receiver = this
  }

  get remoteAddress(): string {
    return this.#channel.opening.sourceIp
  }

  get remotePort(): number {
    return this.#channel.opening.sourcePort
  }

  get localAddress(): string {
    return this.#channel.opening.targetIp
  }

  get localPort(): number {
    return this.#channel.opening.targetPort
  }

  get servername(): string | undefined {
    return this.#channel.opening.serverName
  }

  get certificates(): readonly Uint8Array[] {
    return this.#channel.opening.certificates
  }

  get destroyed(): boolean {
    return this.#channel.gone
  }

  get writableLength(): number {
    return this.#channel.unsentBytes
  }

  write(bytes: Uint8Array): void {
    this.#channel.send(bytes)
  }

  end(): void {
    this.writableEnded = true
    this.#channel.end()
  }

  destroy(): void {
    if (this.#closed) return
    this.#channel.reset()
    this.#held = []
    // As with sockets, not within the call that destroys.
    queueMicrotask(() => this.#close())
  }

  pause(): void {
    this.#paused = true
  }

  isPaused(): boolean {
    return this.#paused
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#resuming || (this.#held.length === 0 && !this.#endHeld)) return
    this.#resuming = true
    // Not within the call that resumes: it handles bytes itself.
    queueMicrotask(() => {
      this.#resuming = false
      this.#giveHeld()
    })
  }

  bytes(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#paused || this.#held.length > 0) this.#held.push(buffer)
    else this.#give(buffer)
  }

  ended(): void {
    if (this.#held.length > 0) this.#endHeld = true
    else this.emit('end')
  }

  drained(): void {
    this.emit('drain')
  }

  reset(): void {
    this.#held = []
    this.#close()
  }

  #giveHeld(): void {
    while (!this.#paused && !this.#channel.gone) {
      const bytes = this.#held.shift()
      if (bytes === undefined) break
      this.#give(bytes)
    }
    if (!this.#endHeld || this.#held.length > 0) return
    this.#endHeld = false
    this.emit('end')
  }

  #give(bytes: Buffer): void {
    this.readableDidRead = true
    this.emit('data', bytes)
    this.#channel.took(bytes.length)
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.emit('close')
  }
}
