/** Chooses among kinds at given shares, evenly and the same in every run. */
export class Mix<T> {
  readonly #kinds: readonly (readonly [T, number])[]
  readonly #credit: number[]

  /** @param shares - of what; those of zero never come */
  constructor(shares: readonly (readonly [T, number])[]) {
    this.#kinds = shares.filter(([, share]) => share > 0)
    this.#credit = this.#kinds.map(() => 0)
  }

  /** The next one: the kind that is furthest behind its share. */
  next(): T {
    let best = 0
    let total = 0
    for (const [place, [, share]] of this.#kinds.entries()) {
      total += share
      this.#credit[place] = (this.#credit[place] ?? 0) + share
      if ((this.#credit[place] ?? 0) > (this.#credit[best] ?? 0)) best = place
    }
    this.#credit[best] = (this.#credit[best] ?? 0) - total
    const found = this.#kinds[best]
    if (found === undefined) throw new Error('a mix of nothing')
    return found[0]
  }
}
