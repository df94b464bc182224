/**
 * Things to do at a time: a binary heap whose entries can be taken back.
 */
export interface Due {
  readonly atMs: number
  readonly run: () => void
  /** Where it stands in the heap; -1 once run or removed. */
  index: number
}

export class DueQueue {
  #heap: Due[] = []

  /** When the earliest thing is due; undefined when nothing is. */
  get nextAtMs(): number | undefined {
    return this.#heap[0]?.atMs
  }

  add(atMs: number, run: () => void): Due {
    const due: Due = { atMs, run, index: this.#heap.length }
    this.#heap.push(due)
    this.#raise(due)
    return due
  }

  /** Takes an entry back; one that ran or was removed is left alone. */
  remove(due: Due | undefined): void {
    if (due === undefined || due.index < 0) return
    const last = this.#heap.pop()
    if (last !== undefined && last !== due) {
      this.#put(last, due.index)
      this.#raise(last)
      this.#sink(last)
    }
    due.index = -1
  }

  /**
   * Runs what is due at `nowMs`, earliest first, including what that adds.
   *
   * @param fault - told what one throws, so that the others run; absent: it goes on to the caller
   */
  runUntil(nowMs: number, fault?: (cause: unknown) => void): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.atMs > nowMs) return
      this.remove(first)
      try {
        first.run()
      } catch (cause) {
        if (fault === undefined) throw cause
        fault(cause)
      }
    }
  }

  clear(): void {
    for (const due of this.#heap) due.index = -1
    this.#heap = []
  }

  #put(due: Due, index: number): void {
    this.#heap[index] = due
    due.index = index
  }

  #raise(due: Due): void {
    let at = due.index
    while (at > 0) {
      const parent = this.#heap[(at - 1) >> 1]
      if (parent === undefined || parent.atMs <= due.atMs) break
      this.#put(parent, at)
      at = (at - 1) >> 1
    }
    this.#put(due, at)
  }

  #sink(due: Due): void {
    let at = due.index
    for (;;) {
      const left = this.#heap[at * 2 + 1]
      const right = this.#heap[at * 2 + 2]
      const child =
        left !== undefined && right !== undefined && right.atMs < left.atMs ? right : left
      if (child === undefined || child.atMs >= due.atMs) break
      const childAt = child.index
      this.#put(child, at)
      at = childAt
    }
    this.#put(due, at)
  }
}
