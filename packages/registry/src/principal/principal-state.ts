/**
 * Which principals are attached to which things, in memory.
 */
import { NamesByKey } from '../paging/names-by-key.ts'
import type { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { Transaction } from '../state/transaction.ts'

/** A thing that a principal is attached to. */
export interface ThingOfPrincipal {
  readonly thingName: string
  /** `EXCLUSIVE_THING`. */
  readonly exclusive: boolean
}

const NO_THINGS: readonly ThingOfPrincipal[] = []

/** All attachments of principals to things. */
export class PrincipalState {
  /** By {@link attachmentKey}; the row says whether the attachment is exclusive. */
  readonly attachments: RecordTable<boolean>
  readonly #principals: NamesByKey = new NamesByKey()
  readonly #things: NamesByKey = new NamesByKey()
  /** What {@link PrincipalState.things} last answered for a principal that has not changed. */
  readonly #answers = new Map<string, readonly ThingOfPrincipal[]>()

  constructor(ports: RegistryPorts, transaction: Transaction) {
    this.attachments = new RecordTable(
      'thingPrincipal',
      ports.records,
      transaction,
      (key, before, after) => this.#index(key, before, after),
    )
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.attachments]
  }

  /** Names of the things that the principal is attached to. */
  thingNames(principal: string): SortedNames {
    return this.#things.get(principal)
  }

  /** Things that the principal is attached to, by name. */
  things(principal: string): readonly ThingOfPrincipal[] {
    const names = this.#things.get(principal)
    if (names.size === 0) return NO_THINGS
    let answer = this.#answers.get(principal)
    if (answer === undefined) {
      answer = Array.from(names, (thingName) => ({
        thingName,
        exclusive: this.attachments.get(attachmentKey(thingName, principal)) === true,
      }))
      this.#answers.set(principal, answer)
    }
    return answer
  }

  /** ARNs of the principals attached to the thing, sorted. */
  principals(thingName: string): SortedNames {
    return this.#principals.get(thingName)
  }

  #index(key: string, before: boolean | undefined, after: boolean | undefined): void {
    const at = key.indexOf('/')
    const thingName = key.slice(0, at)
    const principal = key.slice(at + 1)
    this.#answers.delete(principal)
    if (after === undefined) {
      this.#things.delete(principal, thingName)
      this.#principals.delete(thingName, principal)
    } else if (before === undefined) {
      this.#things.add(principal, thingName)
      this.#principals.add(thingName, principal)
    }
  }
}

/** Key of one attachment; a thing's name can hold no slash (gateway G67). */
export function attachmentKey(thingName: string, principal: string): string {
  return `${thingName}/${principal}`
}
