/**
 * One HTTP client that came through a gateway: a channel of the link as the stream that Node's HTTP
 * server takes in the place of a socket.
 */
import type { ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import type { Channel, ChannelReceiver } from '@muster/link'
import type { LinkedSocket } from '../listeners/secure-socket.ts'

export class LinkedStream extends Duplex implements LinkedSocket, ChannelReceiver {
  readonly isLinked = true as const
  readonly #channel: Channel
  /** Received and not told to the gateway as taken: nobody reads. */
  #untaken = 0
  /** Waits for what was written to leave. */
  #written: (() => void) | undefined
  /** Requests that are not answered yet. */
  #requests = 0
  #goingDown = false
  /** What parts with a client that speaks something else than HTTP by now. */
  onShutDown: (() => void) | undefined
  #timeoutMs = 0
  #timeout: NodeJS.Timeout | undefined

  constructor(channel: Channel) {
    super({ allowHalfOpen: true })
    this.#channel = channel
    channel.receiver = this
    this.once('close', () => clearTimeout(this.#timeout))
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

  /** As a socket's: `timeout` is emitted after so long without a byte either way; 0: never. */
  setTimeout(timeoutMs: number, listener?: () => void): this {
    if (listener !== undefined) this.once('timeout', listener)
    this.#timeoutMs = timeoutMs
    clearTimeout(this.#timeout)
    this.#timeout =
      timeoutMs > 0 ? setTimeout(() => this.emit('timeout'), timeoutMs).unref() : undefined
    return this
  }

  /** As a socket's: destroys once everything written has left. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** Sockets have it; a gateway sends at once anyway. */
  setNoDelay(): this {
    return this
  }

  /** Sockets have it; a gateway's are its own affair. */
  setKeepAlive(): this {
    return this
  }

  override _read(): void {
    const taken = this.#untaken
    this.#untaken = 0
    if (taken > 0) this.#channel.took(taken)
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#active()
    this.#channel.send(bytes)
    if (this.#channel.unsentBytes === 0) done()
    else this.#written = done
  }

  override _final(done: () => void): void {
    this.#channel.end()
    done()
  }

  override _destroy(cause: Error | null, done: (cause: Error | null) => void): void {
    this.#channel.reset()
    done(cause)
  }

  /** Parts with the client because its gateway goes down: once it is answered. */
  shutDown(): void {
    if (this.onShutDown !== undefined) this.onShutDown()
    else if (this.#requests === 0) this.end()
    else this.#goingDown = true
  }

  /** A request came by this stream. */
  asked(response: ServerResponse): void {
    this.#requests += 1
    if (this.#goingDown) response.shouldKeepAlive = false
    response.once('close', () => {
      this.#requests -= 1
      if (this.#goingDown && this.#requests === 0) this.end()
    })
  }

  bytes(bytes: Uint8Array): void {
    this.#active()
    const wantsMore = this.push(bytes)
    if (wantsMore) this.#channel.took(bytes.byteLength)
    else this.#untaken += bytes.byteLength
  }

  ended(): void {
    this.push(null)
  }

  reset(): void {
    this.destroy()
  }

  drained(): void {
    const done = this.#written
    this.#written = undefined
    done?.()
  }

  #active(): void {
    if (this.#timeoutMs > 0) this.#timeout?.refresh()
  }
}
