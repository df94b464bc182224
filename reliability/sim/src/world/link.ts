/**
 * One TCP connection with TLS on it, without either: bytes that wait on their way in both directions, and
 * the faults that a network has.
 */
import type { X509Certificate } from 'node:crypto'
import { Duplex } from 'node:stream'
import type { HandshakenSocket } from '@muster/server/in-process'
import type { SimMachine } from './sim-machine.ts'

/** How a link carries bytes. */
export type LinkState =
  /** As soon as the network gets to it. */
  | 'up'
  /** What the client sends is lost, and it does not know; or what it is sent. */
  | 'half-open'
  /** The client does not read. */
  | 'stalled'
  | 'closed'

/** Told of what a server writes, at the moment it does. */
export type OnServerWrite = (link: Link, bytes: Uint8Array) => void

/** The server's end. */
class ServerSocket extends Duplex {
  readonly remoteAddress: string
  readonly remotePort = 40_000
  readonly localAddress = '127.0.0.1'
  readonly localPort = 8883
  readonly servername = 'localhost'
  readonly #certificate: X509Certificate
  readonly #link: Link

  constructor(link: Link, certificate: X509Certificate, remoteAddress: string) {
    super({ autoDestroy: true, allowHalfOpen: true })
    this.#link = link
    this.#certificate = certificate
    this.remoteAddress = remoteAddress
    this.on('error', () => {})
  }

  getPeerX509Certificate(): X509Certificate {
    return this.#certificate
  }

  override _read(): void {}

  /** The moment that counts: what the client does not read yet waits behind it. */
  override write(chunk: Buffer): boolean {
    return this.#link.serverWrites(chunk) ? super.write(chunk) : true
  }

  override _write(chunk: Buffer, _encoding: unknown, done: () => void): void {
    this.#link.carry(chunk, done)
  }

  override _final(done: () => void): void {
    this.#link.serverEnded()
    done()
  }

  override _destroy(_cause: unknown, done: (cause: null) => void): void {
    this.#link.serverEnded()
    done(null)
  }
}

/** A connection between a client and the server of a machine. */
export class Link {
  readonly machine: SimMachine
  readonly #socket: ServerSocket
  readonly #onWrite: OnServerWrite
  state: LinkState = 'up'
  /** On the way to the server; `fin` when the client has closed behind it. */
  readonly toServer: (Uint8Array | 'fin')[] = []
  /** On the way to the client. */
  readonly toClient: Uint8Array[] = []
  #heldWrite: (() => void) | undefined
  #serverHasEnded = false
  #clientHasEnded = false

  constructor(
    machine: SimMachine,
    peer: { readonly certificate: X509Certificate; readonly sourceIp: string },
    onWrite: OnServerWrite,
  ) {
    this.machine = machine
    this.#onWrite = onWrite
    this.#socket = new ServerSocket(this, peer.certificate, peer.sourceIp)
  }

  /** What the server attaches. */
  get serverEnd(): Duplex & HandshakenSocket {
    return this.#socket as unknown as Duplex & HandshakenSocket
  }

  /** The server closed it, and all that it sent is read. */
  get isOver(): boolean {
    return this.#serverHasEnded && this.toClient.length === 0
  }

  /** Whether the server's end is closed. */
  get serverHasEnded(): boolean {
    return this.#serverHasEnded
  }

  /** Whether the server is done with it: what it wrote may still be on its way. */
  get serverIsLeaving(): boolean {
    return this.#serverHasEnded || this.#socket.writableEnded
  }

  /** The client sends. */
  send(bytes: Uint8Array): void {
    if (this.state === 'half-open' || this.#serverHasEnded) return
    this.toServer.push(bytes)
  }

  /** The next bytes arrive at the server. */
  arrive(): void {
    const bytes = this.toServer.shift()
    if (bytes === undefined || this.#serverHasEnded || !this.machine.alive) return
    if (bytes === 'fin') this.#end()
    else this.#socket.push(bytes)
  }

  /** The client closes: with a FIN behind what it sent. */
  closeByClient(): void {
    if (this.#clientHasEnded) return
    this.#clientHasEnded = true
    this.toClient.length = 0
    if (this.state === 'half-open') return
    this.state = 'closed'
    this.toServer.push('fin')
  }

  /** The network drops it: what is on its way is lost. */
  drop(): void {
    this.#clientHasEnded = true
    this.state = 'closed'
    this.toServer.length = 0
    this.toClient.length = 0
    if (this.machine.alive) this.#end()
  }

  #end(): void {
    this.#release()
    this.#socket.push(null)
    this.#socket.destroy()
  }

  /** The server writes. @returns false when its process is dead by now */
  serverWrites(bytes: Uint8Array): boolean {
    if (!this.machine.mayWrite()) return false
    this.#onWrite(this, bytes)
    return true
  }

  /** The network takes what was written. */
  carry(bytes: Uint8Array, done: () => void): void {
    if (this.state !== 'half-open' && this.state !== 'closed') this.toClient.push(bytes)
    if (this.state === 'stalled') this.#heldWrite = done
    else done()
  }

  serverEnded(): void {
    if (this.#serverHasEnded) return
    this.#serverHasEnded = true
    this.toServer.length = 0
  }

  /** The client's system closed too: the server's socket is gone. */
  finish(): void {
    this.#clientHasEnded = true
    this.state = 'closed'
    this.#socket.destroy()
  }

  /** Reads again. */
  unstall(): void {
    if (this.state === 'stalled') this.state = 'up'
    this.#release()
  }

  #release(): void {
    const held = this.#heldWrite
    this.#heldWrite = undefined
    held?.()
  }
}
