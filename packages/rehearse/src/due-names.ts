/** The Jobs rules' due work by name, ordered by a heap: what was replaced stays in it until its time. */
import type { DueWork } from '@muster/jobs'
import { EventHeap } from './event-heap.ts'

/** Work that falls due, each name once. */
export class DueNames {
  readonly #heap = new EventHeap()
  /** Work by the place that the heap knows it by; a place is used again when its entry left the heap. */
  readonly #works: string[] = []
  readonly #free: number[] = []
  /** Order of setting of the entry that counts, by work. */
  readonly #current = new Map<string, number>()

  put(work: string, dueAtMs: number): void {
    const place = this.#free.pop() ?? this.#works.length
    this.#works[place] = work
    this.#current.set(work, this.#heap.add(dueAtMs, place))
  }

  delete(work: string): void {
    this.#current.delete(work)
  }

  /** The earliest work due at or before `nowMs`. */
  first(nowMs: number): DueWork | undefined {
    this.#dropReplaced()
    const dueAtMs = this.#heap.firstAtMs
    if (dueAtMs > nowMs || this.#heap.size === 0) return undefined
    return { work: this.#works[this.#heap.firstSubject] as string, dueAtMs }
  }

  /** When the earliest work falls due; undefined when none waits. */
  nextAtMs(): number | undefined {
    this.#dropReplaced()
    return this.#heap.size === 0 ? undefined : this.#heap.firstAtMs
  }

  #dropReplaced(): void {
    while (this.#heap.size > 0) {
      const place = this.#heap.firstSubject
      if (this.#current.get(this.#works[place] as string) === this.#heap.firstOrder) return
      this.#heap.dropFirst()
      this.#free.push(place)
    }
  }
}
