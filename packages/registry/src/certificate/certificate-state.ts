/**
 * Certificates in memory.
 */
import { NamesByKey } from '../paging/names-by-key.ts'
import { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { Transaction } from '../state/transaction.ts'
import type { CaCertificateRecord, CertificateRecord } from './certificate-record.ts'

/** All certificates, and what is found by them. */
export class CertificateState {
  readonly certificates: RecordTable<CertificateRecord>
  /** Keys of {@link ageKey}, oldest first; claims are left out (gateway G106). */
  readonly byAge: SortedNames = new SortedNames()
  /** The same keys by the authority that signed, and by state of transfer. */
  readonly byCa: NamesByKey = new NamesByKey()
  readonly outgoing: SortedNames = new SortedNames()
  readonly caCertificates: RecordTable<CaCertificateRecord>
  /** Keys of {@link ageKey}, oldest first. */
  readonly caByAge: SortedNames = new SortedNames()
  /** Certificate ids of authorities by subject. */
  readonly caBySubject: NamesByKey = new NamesByKey()
  readonly #registrationCode: RecordTable<string>

  constructor(ports: RegistryPorts, transaction: Transaction) {
    const { records } = ports
    this.certificates = new RecordTable('certificate', records, transaction, (_id, before, after) =>
      this.#index(before, after),
    )
    this.caCertificates = new RecordTable(
      'caCertificate',
      records,
      transaction,
      (_id, before, after) => this.#indexCa(before, after),
    )
    this.#registrationCode = new RecordTable('registrationCode', records, transaction)
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.certificates, this.caCertificates, this.#registrationCode]
  }

  /** The account's code for registering authorities (gateway G90); undefined until asked for. */
  get registrationCode(): string | undefined {
    return this.#registrationCode.get('account')
  }

  setRegistrationCode(code: string | undefined): void {
    if (code === undefined) this.#registrationCode.delete('account')
    else this.#registrationCode.set('account', code)
  }

  #index(before: CertificateRecord | undefined, after: CertificateRecord | undefined): void {
    if (before !== undefined && before.claimOfTemplate === undefined) {
      const key = ageKey(before)
      if (after === undefined) this.byAge.delete(key)
      if (before.caCertificateId !== undefined && before.caCertificateId !== after?.caCertificateId)
        this.byCa.delete(before.caCertificateId, key)
      this.outgoing.delete(key)
    }
    if (after !== undefined && after.claimOfTemplate === undefined) {
      const key = ageKey(after)
      this.byAge.add(key)
      if (after.caCertificateId !== undefined) this.byCa.add(after.caCertificateId, key)
      if (after.status === 'PENDING_TRANSFER') this.outgoing.add(key)
    }
  }

  #indexCa(before: CaCertificateRecord | undefined, after: CaCertificateRecord | undefined): void {
    if (before !== undefined && after === undefined) {
      this.caByAge.delete(ageKey(before))
      this.caBySubject.delete(before.subject, before.certificateId)
    }
    if (after !== undefined && before === undefined) {
      this.caByAge.add(ageKey(after))
      this.caBySubject.add(after.subject, after.certificateId)
    }
  }
}

/** Orders records by creation time, then by id. */
export function ageKey(record: {
  readonly createdAtMs: number
  readonly certificateId: string
}): string {
  return `${String(record.createdAtMs).padStart(16, '0')}/${record.certificateId}`
}

/** The certificate id inside an {@link ageKey}. */
export function idInAgeKey(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}
