/**
 * Certificates in memory.
 */
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable } from '../state/record-table.ts'
import type { Transaction } from '../state/transaction.ts'
import type { CaCertificateRecord, CertificateRecord } from './certificate-record.ts'

/** All certificates, and what is found by them. */
export class CertificateState {
  readonly certificates: RecordTable<CertificateRecord>
  readonly caCertificates: RecordTable<CaCertificateRecord>

  constructor(ports: RegistryPorts, transaction: Transaction) {
    this.certificates = new RecordTable('certificate', ports.records, transaction)
    this.caCertificates = new RecordTable('caCertificate', ports.records, transaction)
  }

  /** Every table of this state: loaded at the start, cleared by a reset. */
  tables(): readonly { load(): void; clear(): void }[] {
    return [this.certificates, this.caCertificates]
  }
}
