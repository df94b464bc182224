/**
 * Who depends on what: from the name of a fact to those that must look at it again.
 */

/** Most facts concern one connection; a set is made only for those that concern more. */
type Members<Dependent> = Dependent | Set<Dependent>

/** An index of dependents by fact. Dependents are objects other than sets. */
export class Dependents<Dependent extends object> {
  readonly #byFact = new Map<string, Members<Dependent>>()

  /** Facts with at least one dependent. */
  get size(): number {
    return this.#byFact.size
  }

  add(fact: string, dependent: Dependent): void {
    const members = this.#byFact.get(fact)
    if (members === undefined) this.#byFact.set(fact, dependent)
    else if (members instanceof Set) members.add(dependent)
    else if (members !== dependent) this.#byFact.set(fact, new Set([members, dependent]))
  }

  delete(fact: string, dependent: Dependent): void {
    const members = this.#byFact.get(fact)
    if (members === dependent) {
      this.#byFact.delete(fact)
    } else if (members instanceof Set && members.delete(dependent) && members.size === 0) {
      this.#byFact.delete(fact)
    }
  }

  /** Dependents of a fact, as they are now. */
  of(fact: string): readonly Dependent[] {
    const members = this.#byFact.get(fact)
    if (members === undefined) return []
    return members instanceof Set ? [...members] : [members]
  }
}
