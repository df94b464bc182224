/**
 * Thing types in memory.
 */
import { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { ThingTypeRecord } from '../state/records.ts'
import type { Transaction } from '../state/transaction.ts'

/** All thing types, by name. */
export class ThingTypeState {
  readonly byName: RecordTable<ThingTypeRecord>
  readonly names: SortedNames = new SortedNames()

  constructor(ports: RegistryPorts, transaction: Transaction) {
    this.byName = new RecordTable(
      'thingType',
      ports.records,
      transaction,
      (name, before, after) => {
        if (before === undefined) this.names.add(name)
        if (after === undefined) this.names.delete(name)
      },
    )
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.byName]
  }
}
