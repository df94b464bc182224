/**
 * Tags by ARN, for the registry's resources and for any other package's.
 */
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { Transaction } from '../state/transaction.ts'

/** All tags. */
export class TagState {
  /** By ARN; resources without tags have no row. */
  readonly byArn: RecordTable<Readonly<Record<string, string>>>

  constructor(ports: RegistryPorts, transaction: Transaction) {
    this.byArn = new RecordTable('tags', ports.records, transaction)
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.byArn]
  }
}
