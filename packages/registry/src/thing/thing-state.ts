/**
 * Things in memory, and the orders in which they are listed.
 */
import { NamesByKey } from '../paging/names-by-key.ts'
import { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { ThingRecord } from '../state/records.ts'
import type { Transaction } from '../state/transaction.ts'

/** Sorts before every character of a name, so that keys order by value, then by name. */
const SEPARATOR = '\0'

/** All things, by name, type, attribute value and billing group. */
export class ThingState {
  readonly byName: RecordTable<ThingRecord>
  readonly names: SortedNames = new SortedNames()
  readonly namesByType: NamesByKey = new NamesByKey()
  readonly namesByBillingGroup: NamesByKey = new NamesByKey()
  /** Keys of {@link attributeKey} with the names in lower case as their values. */
  readonly foldedNames: SortedNames = new SortedNames()
  /** For each attribute name: keys of {@link attributeKey}. */
  readonly keysByAttribute: NamesByKey = new NamesByKey()

  constructor(ports: RegistryPorts, transaction: Transaction) {
    this.byName = new RecordTable('thing', ports.records, transaction, (name, before, after) =>
      this.#index(name, before, after),
    )
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.byName]
  }

  #index(name: string, before: ThingRecord | undefined, after: ThingRecord | undefined): void {
    if (before === undefined) {
      this.names.add(name)
      this.foldedNames.add(attributeKey(name, name))
    }
    if (after === undefined) {
      this.names.delete(name)
      this.foldedNames.delete(attributeKey(name, name))
    }
    move(this.namesByType, before?.thingTypeName, after?.thingTypeName, name)
    move(this.namesByBillingGroup, before?.billingGroupName, after?.billingGroupName, name)
    if (before?.attributes === after?.attributes) return
    for (const attribute in before?.attributes) {
      const value = before.attributes[attribute] as string
      if (after?.attributes[attribute] !== value) {
        this.keysByAttribute.delete(attribute, attributeKey(value, name))
      }
    }
    for (const attribute in after?.attributes) {
      const value = after.attributes[attribute] as string
      if (before?.attributes[attribute] !== value) {
        this.keysByAttribute.add(attribute, attributeKey(value, name))
      }
    }
  }
}

/** Key under which a thing is found by an attribute's value, whatever the value's case. */
export function attributeKey(value: string, thingName: string): string {
  return value.toLowerCase() + SEPARATOR + thingName
}

/** The thing's name in an {@link attributeKey}. */
export function nameInAttributeKey(key: string): string {
  return key.slice(key.lastIndexOf(SEPARATOR) + 1)
}

function move(
  index: NamesByKey,
  from: string | undefined,
  to: string | undefined,
  name: string,
): void {
  if (from === to) return
  if (from !== undefined) index.delete(from, name)
  if (to !== undefined) index.add(to, name)
}
