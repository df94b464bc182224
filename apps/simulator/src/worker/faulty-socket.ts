import { Duplex } from 'node:stream'
import type { Clock } from '@muster/clock'

/** What happens to the bytes between a device and its TLS socket. */
export interface SocketFaults {
  /** Draws the delay of a chunk, milliseconds; chunks keep their order. */
  readonly delayMs?: () => number
  /** What arrives is passed on no faster, and the rest left in the kernel. */
  readonly bytesPerSecond?: number
}

/** A socket in between that delays, throttles, falls silent or is cut. */
export class FaultySocket extends Duplex {
  readonly #inner: Duplex
  readonly #faults: SocketFaults
  readonly #wallClock: Clock
  #silent = false
  #abandoned = false
  #inDueMs = 0
  #outDueMs = 0

  constructor(inner: Duplex, faults: SocketFaults, wallClock: Clock) {
    super({ allowHalfOpen: false })
    this.#inner = inner
    this.#faults = faults
    this.#wallClock = wallClock
    inner.on('data', (bytes: Buffer) => this.#arrived(bytes))
    inner.once('end', () => this.#soon('in', 0, () => this.push(null)))
    inner.once('error', (error: Error) => this.#end(error))
    inner.once('close', () => this.#end())
  }

  /** Packets vanish from now on, both ways, and neither end is told. */
  fallSilent(): void {
    this.#silent = true
    this.#inner.pause()
  }

  /** This end forgets the connection; the other end goes on believing in it. */
  abandon(): void {
    this.#abandoned = true
    this.#silent = true
    this.#inner.on('error', () => {})
    this.#inner.resume()
    this.destroy()
  }

  override _read(): void {
    if (!this.#silent) this.#inner.resume()
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#soon('out', 0, () => {
      if (!this.#silent && !this.#inner.destroyed) this.#inner.write(bytes)
    })
    // On a long line the next bytes leave before these have arrived.
    done()
  }

  override _writev(
    parts: readonly { readonly chunk: Buffer }[],
    done: (error?: Error) => void,
  ): void {
    this._write(Buffer.concat(parts.map(({ chunk }) => chunk)), '', done)
  }

  override _final(done: (error?: Error) => void): void {
    if (this.#abandoned) done()
    else {
      this.#soon('out', 0, () => this.#inner.end())
      done()
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#abandoned) this.#inner.destroy()
    done(error)
  }

  #arrived(bytes: Buffer): void {
    if (this.#silent || this.destroyed) return
    const { bytesPerSecond } = this.#faults
    const readMs = bytesPerSecond === undefined ? 0 : (bytes.length / bytesPerSecond) * 1000
    if (readMs > 0) this.#inner.pause()
    this.#soon('in', readMs, () => {
      if (this.#silent || this.destroyed) return
      if (this.push(bytes)) this.#inner.resume()
      else this.#inner.pause()
    })
  }

  #end(error?: Error): void {
    if (this.#abandoned || this.destroyed) return
    if (error === undefined) this.#soon('in', 0, () => this.destroy())
    else this.destroy(error)
  }

  /** Runs `act` after the way's delay, never before what went before it. */
  #soon(way: 'in' | 'out', extraMs: number, act: () => void): void {
    const delayMs = (this.#faults.delayMs?.() ?? 0) + extraMs
    const nowMs = this.#wallClock.nowMs()
    const lastMs = way === 'in' ? this.#inDueMs : this.#outDueMs
    const dueMs = Math.max(nowMs + delayMs, lastMs)
    if (way === 'in') this.#inDueMs = dueMs
    else this.#outDueMs = dueMs
    if (dueMs <= nowMs) act()
    else this.#wallClock.setAlarm(dueMs, act)
  }
}
