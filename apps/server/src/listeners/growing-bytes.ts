/**
 * Bytes that arrive in pieces, as one buffer: each is copied a bounded number of times, and a piece of one
 * byte costs a byte.
 */
export class GrowingBytes {
  #bytes: Buffer = Buffer.alloc(0)
  #length = 0
  #copied = 0

  push(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(length, this.#bytes.length * 2))
      this.#copied += this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    this.#bytes.set(piece, this.#length)
    this.#length = length
    this.#copied += piece.length
  }

  get length(): number {
    return this.#length
  }

  /** How many bytes were copied for it: the work that it cost. */
  get copied(): number {
    return this.#copied
  }

  /** All of them; good until the next piece. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }
}
