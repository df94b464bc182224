/**
 * Cuts a byte stream into packets. The Remaining Length is checked before a packet is waited for,
 * so that a header alone cannot make the server hold 256 MB (design decision 12), and memory held
 * is in proportion to bytes received, not to bytes announced.
 */
import { limits } from '../limits.ts'

/** One whole packet: `bytes[start, end)`, whose variable header begins at `bodyStart`. */
export interface Frame {
  readonly bytes: Buffer
  readonly start: number
  readonly bodyStart: number
  readonly end: number
}

export type FrameFault = 'tooLarge' | 'badLength'

const empty = Buffer.alloc(0)

export class FrameReader {
  /** Unread bytes are `#bytes[#start, #end)`; `#owned` when the buffer is ours to append to. */
  #bytes: Buffer = empty
  #start = 0
  #end = 0
  #owned = false

  /** Bytes received that do not make a whole packet yet. */
  get pendingBytes(): number {
    return this.#end - this.#start
  }

  /** The first byte of the next packet; undefined when none came yet. */
  get firstByte(): number | undefined {
    return this.#start < this.#end ? this.#bytes[this.#start] : undefined
  }

  push(chunk: Uint8Array): void {
    const length = this.#end - this.#start
    if (length === 0) {
      this.#bytes = Buffer.isBuffer(chunk)
        ? chunk
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      this.#start = 0
      this.#end = chunk.byteLength
      this.#owned = false
      return
    }
    if (!this.#owned || this.#end + chunk.byteLength > this.#bytes.byteLength) {
      const grown = Buffer.allocUnsafeSlow(Math.max(64, (length + chunk.byteLength) * 2))
      this.#bytes.copy(grown, 0, this.#start, this.#end)
      this.#bytes = grown
      this.#start = 0
      this.#end = length
      this.#owned = true
    }
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.byteLength
  }

  /** The next whole packet; undefined when more bytes are needed. */
  next(): Frame | FrameFault | undefined {
    const bytes = this.#bytes
    let at = this.#start + 1
    let remaining = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= this.#end) return this.#keep()
      if (shift === 28) return 'badLength'
      const byte = bytes[at++] ?? 0
      remaining |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    const start = this.#start
    if (at - start + remaining > limits.packetBytesMax) return 'tooLarge'
    const end = at + remaining
    if (end > this.#end) return this.#keep()
    this.#start = end
    if (end === this.#end) this.#release()
    return { bytes, start, bodyStart: at, end }
  }

  /** A received chunk may be a window on a large shared buffer: keep only what is unread. */
  #keep(): undefined {
    if (this.#owned || this.#start === this.#end) return
    const kept = Buffer.allocUnsafeSlow(this.#end - this.#start)
    this.#bytes.copy(kept, 0, this.#start, this.#end)
    this.#bytes = kept
    this.#end -= this.#start
    this.#start = 0
    this.#owned = true
  }

  #release(): void {
    this.#bytes = empty
    this.#start = 0
    this.#end = 0
    this.#owned = false
  }
}
