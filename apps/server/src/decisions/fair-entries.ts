/**
 * A bounded list in which a flood pushes out only itself: when it is full, the cause with the most
 * entries gives one up, and of it the client with the most.
 */

/** What an entry is counted under. */
export interface Counted {
  readonly cause: string
  readonly client: string
}

/** The entries of one cause, by client; oldest first in both. */
interface Cause<T> {
  size: number
  readonly clients: Map<string, Set<T>>
}

/** Entries in order of their last occurrence. */
export class FairEntries<T extends Counted> {
  readonly #max: number
  readonly #all = new Set<T>()
  readonly #causes = new Map<string, Cause<T>>()

  constructor(max: number) {
    this.#max = max
  }

  /**
   * Adds an entry as the newest; one that is there already moves.
   *
   * @returns the entry that had to go for it
   */
  add(entry: T): T | undefined {
    this.#remove(entry)
    this.#all.add(entry)
    const { cause, client } = entry
    const group = this.#causes.get(cause) ?? { size: 0, clients: new Map<string, Set<T>>() }
    const own = group.clients.get(client) ?? new Set<T>()
    // The client that was refused last is the last to give.
    group.clients.delete(client)
    group.clients.set(client, own.add(entry))
    group.size += 1
    this.#causes.set(cause, group)
    if (this.#all.size <= this.#max) return undefined
    const victim = this.#victim()
    if (victim !== undefined) this.#remove(victim)
    return victim
  }

  /** Newest first. */
  newest(): T[] {
    return [...this.#all].reverse()
  }

  clear(): void {
    this.#all.clear()
    this.#causes.clear()
  }

  #victim(): T | undefined {
    let largest: Cause<T> | undefined
    for (const group of this.#causes.values()) {
      if (largest === undefined || group.size > largest.size) largest = group
    }
    let most: Set<T> | undefined
    for (const own of largest?.clients.values() ?? []) {
      if (most === undefined || own.size > most.size) most = own
    }
    return most?.values().next().value
  }

  #remove(entry: T): void {
    if (!this.#all.delete(entry)) return
    const { cause, client } = entry
    const group = this.#causes.get(cause)
    const own = group?.clients.get(client)
    if (group === undefined || own === undefined) return
    own.delete(entry)
    group.size -= 1
    if (own.size === 0) group.clients.delete(client)
    if (group.size === 0) this.#causes.delete(cause)
  }
}
