/**
 * Work of many askers, a few at a time: each asker's in its order, and askers in turns, so that
 * nobody's hundred requests hold up another's first.
 */

/** What waits. */
type Work = () => Promise<void>

/** How much is done and waits. */
export interface TurnBounds {
  readonly underWayMax: number
  readonly waitingMax: number
  /** Of one asker, so that none takes everybody's places. */
  readonly waitingOfOneMax: number
}

/** Does work in turns. */
export class InTurns {
  readonly #bounds: TurnBounds
  /** By asker, whose turn it is first. An asker at work is not among them. */
  readonly #waiting = new Map<string, Work[]>()
  readonly #busy = new Map<string, Work[]>()
  #count = 0
  #idle: (() => void)[] = []

  constructor(bounds: TurnBounds) {
    this.#bounds = bounds
  }

  /**
   * Does this when it is its turn.
   *
   * @param work - must not reject
   * @returns false when too much waits already
   */
  take(asker: string, work: Work): boolean {
    const own = this.#busy.get(asker) ?? this.#waiting.get(asker)
    const { waitingMax, waitingOfOneMax } = this.#bounds
    if (this.#count >= waitingMax || (own?.length ?? 0) >= waitingOfOneMax) return false
    this.#count += 1
    if (own === undefined) this.#waiting.set(asker, [work])
    else own.push(work)
    this.#proceed()
    return true
  }

  /** Resolves when nothing is under way and nothing waits. */
  idle(): Promise<void> {
    if (this.#busy.size === 0 && this.#count === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #proceed(): void {
    while (this.#busy.size < this.#bounds.underWayMax) {
      const [next] = this.#waiting
      if (next === undefined) return
      const [asker, works] = next
      this.#waiting.delete(asker)
      const work = works.shift()
      if (work === undefined) continue
      this.#count -= 1
      this.#busy.set(asker, works)
      void work().finally(() => this.#done(asker))
    }
  }

  #done(asker: string): void {
    const works = this.#busy.get(asker) ?? []
    this.#busy.delete(asker)
    if (works.length > 0) this.#waiting.set(asker, works)
    this.#proceed()
    if (this.#busy.size > 0 || this.#count > 0) return
    for (const tell of this.#idle.splice(0)) tell()
  }
}
