/**
 * Provisioning templates in memory.
 */
import type { RegistryPorts } from '../state/ports.ts'
import type { Transaction } from '../state/transaction.ts'

/** All provisioning templates, and what is found by them. */
export class ProvisioningState {
  readonly ports: RegistryPorts
  readonly transaction: Transaction

  constructor(ports: RegistryPorts, transaction: Transaction) {
    this.ports = ports
    this.transaction = transaction
  }

  /** Every table of this state: loaded at the start, cleared by a reset. */
  tables(): readonly { load(): void; clear(): void }[] {
    return []
  }
}
