/** The input that a thread reads at the moment, in memory that its parent sees too. */

const HEAD_BYTES = 8

/** One thread's. */
export class Watched {
  readonly #head: Int32Array
  readonly #bytes: Uint8Array

  /** @param shared - eight bytes, and the longest input */
  constructor(shared: SharedArrayBuffer) {
    this.#head = new Int32Array(shared, 0, 2)
    this.#bytes = new Uint8Array(shared, HEAD_BYTES)
  }

  static memory(bytesMax: number): SharedArrayBuffer {
    return new SharedArrayBuffer(HEAD_BYTES + bytesMax)
  }

  /** How many inputs there were. */
  get count(): number {
    return Atomics.load(this.#head, 0)
  }

  get input(): Uint8Array {
    return this.#bytes.slice(0, Atomics.load(this.#head, 1))
  }

  reading(input: Uint8Array): void {
    const whole = input.subarray(0, this.#bytes.length)
    this.#bytes.set(whole)
    Atomics.store(this.#head, 1, whole.length)
    Atomics.add(this.#head, 0, 1)
  }
}
