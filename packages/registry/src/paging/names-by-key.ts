/**
 * Sorted names by key: things by type, members by group.
 */
import { SortedNames } from './sorted-names.ts'

/** Nothing; never added to. */
const NONE: SortedNames = new SortedNames()

/** A sorted set of names for each key; keys without names take no memory. */
export class NamesByKey {
  readonly #sets = new Map<string, SortedNames>()

  /** The names under `key`; not to be changed by the reader. */
  get(key: string): SortedNames {
    return this.#sets.get(key) ?? NONE
  }

  add(key: string, name: string): void {
    let names = this.#sets.get(key)
    if (names === undefined) this.#sets.set(key, (names = new SortedNames()))
    names.add(name)
  }

  delete(key: string, name: string): void {
    const names = this.#sets.get(key)
    if (names?.delete(name) === true && names.size === 0) this.#sets.delete(key)
  }
}
