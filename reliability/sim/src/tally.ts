/**
 * What happened in a run, by kind: a simulation that does nothing shows in it.
 */

/** What is counted, in the order of the report. */
export const TALLY_GROUPS = [
  'faults',
  'requests',
  'refusals',
  'transitions',
  'operators',
  'jobs',
  'messages',
  'checks',
] as const

/** One of them. */
export type TallyGroup = (typeof TALLY_GROUPS)[number]

/** Counts by group and kind. */
export class Tally {
  readonly #counts = new Map<TallyGroup, Map<string, number>>()

  /** Who follows a run line by line; nobody does by default. */
  trace: ((line: string) => void) | undefined

  /** Tells whoever follows. */
  tell(line: () => string): void {
    this.trace?.(line())
  }

  add(group: TallyGroup, kind: string, times = 1): void {
    const kinds = this.#counts.get(group) ?? new Map<string, number>()
    this.#counts.set(group, kinds)
    kinds.set(kind, (kinds.get(kind) ?? 0) + times)
  }

  /** Adds all counts of another one. */
  addAll(other: Tally): void {
    for (const [group, kinds] of other.#counts) {
      for (const [kind, times] of kinds) this.add(group, kind, times)
    }
  }

  of(group: TallyGroup, kind: string): number {
    return this.#counts.get(group)?.get(kind) ?? 0
  }

  total(group: TallyGroup): number {
    let sum = 0
    for (const times of this.#counts.get(group)?.values() ?? []) sum += times
    return sum
  }

  /** `crash 12, disk full 3`: by kind, in the order of their names. */
  line(group: TallyGroup): string {
    const kinds = [...(this.#counts.get(group) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return kinds.length === 0 ? 'none' : kinds.map(([kind, times]) => `${kind} ${times}`).join(', ')
  }
}
