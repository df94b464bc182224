/**
 * What happened to each thing lately, in memory, within bounds for each and for all together.
 */
import type { KeptEntry } from './timeline-entry.ts'

/** Entries of one thing. */
const ENTRIES_PER_THING_MAX = 100
/** Entries of all things: some 30 MB. */
const ENTRIES_MAX = 200_000

/** An entry and its time. */
export type TimedEntry = KeptEntry & { readonly atMs: number }

/** A request that may be repeated. */
type CountedRequest = Extract<KeptEntry, { kind: 'request' }> & { atMs: number; count: number }

/** Bounds, for tests. */
export interface TimelineBounds {
  readonly entriesPerThingMax?: number
  readonly entriesMax?: number
}

interface Line {
  entries: TimedEntry[]
  /** Where the oldest is: at the end of the array it goes on at its beginning. */
  first: number
  /** All that happened since then is there, epoch milliseconds. */
  sinceMs: number
}

/**
 * Timelines by thing. Adding an entry costs the same for any fleet: a thing's own oldest entry makes
 * room for its newest, and when all together are too many, things lose the older half of theirs one
 * after the other.
 */
export class KeptTimelines {
  readonly #lines = new Map<string, Line>()
  readonly #perThingMax: number
  readonly #max: number
  /** What things without a line lost, at the latest. */
  #sinceMs: number
  #total = 0
  #hand: Iterator<[string, Line]> | undefined

  /** @param sinceMs - when recording begins, epoch milliseconds */
  constructor(sinceMs: number, bounds: TimelineBounds = {}) {
    this.#sinceMs = sinceMs
    this.#perThingMax = bounds.entriesPerThingMax ?? ENTRIES_PER_THING_MAX
    this.#max = bounds.entriesMax ?? ENTRIES_MAX
  }

  /** Entries of all things. */
  get total(): number {
    return this.#total
  }

  /** Adds an entry; a request that repeats the one before it is counted there. */
  add(thingName: string, entry: TimedEntry): void {
    const line = this.#lines.get(thingName)
    if (line === undefined) {
      this.#lines.set(thingName, { entries: [entry], first: 0, sinceMs: this.#sinceMs })
    } else {
      const { entries, first } = line
      const repeated = repeatedBy(entries[(first || entries.length) - 1], entry)
      if (repeated !== undefined) {
        repeated.atMs = entry.atMs
        repeated.count += 1
        return
      }
      if (entries.length >= this.#perThingMax) {
        line.sinceMs = entries[first]?.atMs ?? line.sinceMs
        entries[first] = entry
        line.first = (first + 1) % entries.length
        return
      }
      entries.push(entry)
    }
    this.#total += 1
    if (this.#total > this.#max) this.#shrinkNext()
  }

  /** Entries of a thing, oldest first, and since when none is missing. */
  of(thingName: string): { readonly sinceMs: number; readonly entries: readonly TimedEntry[] } {
    const line = this.#lines.get(thingName)
    if (line === undefined) return { sinceMs: this.#sinceMs, entries: [] }
    return { sinceMs: line.sinceMs, entries: oldestFirst(line) }
  }

  /** Forgets a thing that is gone: another one of its name begins anew. */
  forget(thingName: string): void {
    this.#total -= this.#lines.get(thingName)?.entries.length ?? 0
    this.#lines.delete(thingName)
  }

  /** Forgets everything. */
  clear(sinceMs: number): void {
    this.#lines.clear()
    this.#total = 0
    this.#sinceMs = sinceMs
    this.#hand = undefined
  }

  /** Takes the older half of the next thing's entries, all of a single one. */
  #shrinkNext(): void {
    this.#hand ??= this.#lines.entries()
    let next = this.#hand.next()
    if (next.done === true) {
      this.#hand = this.#lines.entries()
      next = this.#hand.next()
    }
    if (next.done === true) return
    const [thingName, line] = next.value
    const entries = oldestFirst(line)
    const lost = entries.splice(0, Math.ceil(entries.length / 2))
    line.entries = entries
    line.first = 0
    line.sinceMs = lost.at(-1)?.atMs ?? line.sinceMs
    this.#total -= lost.length
    if (line.entries.length > 0) return
    this.#lines.delete(thingName)
    this.#sinceMs = Math.max(this.#sinceMs, line.sinceMs)
  }
}

function oldestFirst({ entries, first }: Line): TimedEntry[] {
  return [...entries.slice(first), ...entries.slice(0, first)]
}

/** The entry before, where this one says the same. */
function repeatedBy(last: TimedEntry | undefined, entry: TimedEntry): CountedRequest | undefined {
  if (last?.kind !== 'request' || entry.kind !== 'request') return undefined
  const isSame =
    last.operation === entry.operation &&
    last.jobId === entry.jobId &&
    last.code === entry.code &&
    last.protocol === entry.protocol
  return isSame ? last : undefined
}
