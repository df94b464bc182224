/**
 * Frames in a byte stream, each behind its length of four bytes, little-endian. Pure.
 */
import { frameBytesMax, frameHeaderBytes } from './frame.ts'

/** Bytes before each frame. */
const lengthBytes = 4
const nothing = Buffer.alloc(0)

/** A stream that carries no frames of ours. */
export class FrameStreamError extends Error {
  override readonly name = 'FrameStreamError'
}

/** A frame as a stream carries it. */
export function lengthPrefix(frame: Uint8Array): Uint8Array {
  const length = Buffer.allocUnsafe(lengthBytes)
  length.writeUInt32LE(frame.byteLength)
  return length
}

/** Finds the frames of a stream, however it is cut. */
export class FrameSplitter {
  /** Begun and not whole yet. */
  #parts: Buffer[] = []
  #partBytes = 0

  /**
   * @returns the frames that are whole now; views of `chunk` where one chunk holds them
   * @throws FrameStreamError for a length that no frame has
   */
  push(chunk: Buffer): Buffer[] {
    let bytes = chunk
    if (this.#partBytes > 0) {
      this.#parts.push(chunk)
      this.#partBytes += chunk.length
      // Joined once there is a frame in it, not with every chunk.
      if (this.#partBytes < this.#wanted()) return []
      bytes = Buffer.concat(this.#parts, this.#partBytes)
      this.#parts = []
      this.#partBytes = 0
    }
    const frames: Buffer[] = []
    let at = 0
    while (at + lengthBytes <= bytes.length) {
      const length = checked(bytes.readUInt32LE(at))
      const end = at + lengthBytes + length
      if (end > bytes.length) break
      frames.push(bytes.subarray(at + lengthBytes, end))
      at = end
    }
    const rest = at === 0 ? bytes : bytes.subarray(at)
    if (rest.length > 0) {
      this.#parts = [rest]
      this.#partBytes = rest.length
    }
    return frames
  }

  /** Bytes of the frame that is begun, its length included; at least what tells the length. */
  #wanted(): number {
    const [first = nothing] = this.#parts
    const head = first.length >= lengthBytes ? first : Buffer.concat(this.#parts)
    if (head.length < lengthBytes) return lengthBytes
    return lengthBytes + checked(head.readUInt32LE(0))
  }
}

function checked(length: number): number {
  if (length >= frameHeaderBytes && length <= frameBytesMax) return length
  throw new FrameStreamError(
    `a frame of ${length} bytes: expected ${frameHeaderBytes} to ${frameBytesMax}`,
  )
}
