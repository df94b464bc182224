/**
 * A sorted set of strings (UTF-16 code unit order) in chunks, so that adding, removing and
 * starting to walk anywhere cost O(log n) however large the fleet.
 */

/** Largest chunk; moving this many references costs less than a cache miss or two. */
const CHUNK_NAMES_MAX = 256

/** A sorted set of names. */
export class SortedNames {
  // INVARIANT: no chunk is empty; chunks and their names ascend strictly.
  readonly #chunks: string[][] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  has(name: string): boolean {
    const chunk = this.#chunks[this.#chunkOf(name)]
    return chunk !== undefined && chunk[lowerBound(chunk, name)] === name
  }

  /** @returns whether the name is new */
  add(name: string): boolean {
    const last = this.#chunks.length - 1
    if (last < 0) {
      this.#chunks.push([name])
      this.#size = 1
      return true
    }
    const at = Math.min(this.#chunkOf(name), last)
    const chunk = this.#chunks[at] as string[]
    const index = lowerBound(chunk, name)
    if (chunk[index] === name) return false
    if (chunk.length < CHUNK_NAMES_MAX) {
      chunk.splice(index, 0, name)
    } else if (at === last && index === chunk.length) {
      // Names often arrive in order: a full last chunk stays full.
      this.#chunks.push([name])
    } else {
      const upper = chunk.splice(CHUNK_NAMES_MAX / 2)
      this.#chunks.splice(at + 1, 0, upper)
      if (index <= chunk.length) chunk.splice(index, 0, name)
      else upper.splice(index - chunk.length, 0, name)
    }
    this.#size += 1
    return true
  }

  /** @returns whether the name was there */
  delete(name: string): boolean {
    const at = this.#chunkOf(name)
    const chunk = this.#chunks[at]
    if (chunk === undefined) return false
    const index = lowerBound(chunk, name)
    if (chunk[index] !== name) return false
    chunk.splice(index, 1)
    if (chunk.length === 0) this.#chunks.splice(at, 1)
    this.#size -= 1
    return true
  }

  /** Names from `start` on (included), ascending; all when undefined. Do not change meanwhile. */
  *from(start?: string): Generator<string, void, undefined> {
    const first = start === undefined ? 0 : this.#chunkOf(start)
    for (let at = first; at < this.#chunks.length; at += 1) {
      const chunk = this.#chunks[at] as string[]
      let index = start !== undefined && at === first ? lowerBound(chunk, start) : 0
      for (; index < chunk.length; index += 1) yield chunk[index] as string
    }
  }

  /** Names after `last` (left out), ascending; all when undefined. Do not change meanwhile. */
  *after(last?: string): Generator<string, void, undefined> {
    for (const name of this.from(last)) if (name !== last) yield name
  }

  /** Names that start with `prefix` and come after `last`, ascending. Do not change meanwhile. */
  *withPrefix(prefix: string, last?: string): Generator<string, void, undefined> {
    const start = last === undefined || last < prefix ? prefix : last
    for (const name of this.from(start)) {
      if (!name.startsWith(prefix)) return
      if (name !== last) yield name
    }
  }

  /** Names before `last` (left out), descending; all when undefined. Do not change meanwhile. */
  *before(last?: string): Generator<string, void, undefined> {
    let at = this.#chunks.length - 1
    if (last !== undefined) at = Math.min(this.#chunkOf(last), at)
    for (; at >= 0; at -= 1) {
      const chunk = this.#chunks[at] as string[]
      let index = last === undefined ? chunk.length : lowerBound(chunk, last)
      for (index -= 1; index >= 0; index -= 1) yield chunk[index] as string
    }
  }

  [Symbol.iterator](): Generator<string, void, undefined> {
    return this.from()
  }

  /** Index of the first chunk whose last name is at or after `name`. */
  #chunkOf(name: string): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const chunk = this.#chunks[middle] as string[]
      if ((chunk[chunk.length - 1] as string) < name) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Index of the first name at or after `name`. */
function lowerBound(names: readonly string[], name: string): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((names[middle] as string) < name) low = middle + 1
    else high = middle
  }
  return low
}
