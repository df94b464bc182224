import { createHash } from 'node:crypto'

/** A file on its way to a device, in memory: what has come, and what is still missing. */
export class Image {
  readonly #content: Buffer
  readonly #blockBytes: number
  readonly #has: boolean[]
  #missing: number

  /**
   * @param bytes - of the whole file
   * @param blockBytes - of a block but the last
   */
  constructor(bytes: number, blockBytes: number) {
    this.#content = Buffer.alloc(bytes)
    this.#blockBytes = blockBytes
    this.#missing = Math.ceil(bytes / blockBytes)
    this.#has = Array.from({ length: this.#missing }, () => false)
  }

  get bytes(): number {
    return this.#content.length
  }

  get blockBytes(): number {
    return this.#blockBytes
  }

  /** Blocks that have not come. */
  get missing(): number {
    return this.#missing
  }

  /** Everything, once nothing is missing. */
  get content(): Buffer {
    return this.#content
  }

  /** The first blocks that are missing, at most so many. */
  missingBlocks(most: number): readonly number[] {
    const found: number[] = []
    for (let number = 0; number < this.#has.length && found.length < most; number++) {
      if (this.#has[number] !== true) found.push(number)
    }
    return found
  }

  /**
   * Takes a block; one that came before counts once.
   *
   * @returns false for one that has another length than it must have, or is none of this file's
   */
  write(number: number, block: Buffer): boolean {
    const start = number * this.#blockBytes
    const length = Math.min(this.#blockBytes, this.bytes - start)
    if (!(number >= 0 && number < this.#has.length) || block.length !== length) return false
    block.copy(this.#content, start)
    if (this.#has[number] !== true) {
      this.#has[number] = true
      this.#missing -= 1
    }
    return true
  }

  /** SHA-256 of the content, hexadecimal. */
  sha256(): string {
    return createHash('sha256').update(this.#content).digest('hex')
  }
}
