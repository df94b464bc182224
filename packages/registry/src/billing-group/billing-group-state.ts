/**
 * Billing groups in memory; which things are in one is the things' own record.
 */
import { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { BillingGroupRecord } from '../state/records.ts'
import type { Transaction } from '../state/transaction.ts'

/** All billing groups, by name. */
export class BillingGroupState {
  readonly byName: RecordTable<BillingGroupRecord>
  /** Groups that are being erased: a restart goes on with them. */
  readonly erasures: RecordTable<true>
  readonly names: SortedNames = new SortedNames()

  constructor(ports: RegistryPorts, transaction: Transaction) {
    const { records } = ports
    this.byName = new RecordTable('billingGroup', records, transaction, (name, before, after) => {
      if (before === undefined) this.names.add(name)
      if (after === undefined) this.names.delete(name)
    })
    this.erasures = new RecordTable('billingGroupErasure', records, transaction)
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.byName, this.erasures]
  }
}
