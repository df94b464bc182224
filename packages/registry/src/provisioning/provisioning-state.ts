/**
 * Provisioning in memory: templates, ownership tokens, claims, bulk registrations.
 */
import { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { Transaction } from '../state/transaction.ts'
import type {
  OwnershipTokenRecord,
  ProvisioningTemplateRecord,
  RegistrationTaskRecord,
} from './provisioning-record.ts'

/** All that provisioning remembers. */
export class ProvisioningState {
  readonly templates: RecordTable<ProvisioningTemplateRecord>
  readonly templateNames: SortedNames = new SortedNames()
  /** By token. */
  readonly tokens: RecordTable<OwnershipTokenRecord>
  /** Expiry of each trusted user's claim by certificate id, epoch milliseconds (gateway G106). */
  readonly claims: RecordTable<number>
  /** Keys of {@link expiryKey}: what ends when, soonest first. */
  readonly expiries: SortedNames = new SortedNames()
  readonly tasks: RecordTable<RegistrationTaskRecord>
  /** `createdAtMs/taskId`, oldest first. */
  readonly tasksByAge: SortedNames = new SortedNames()

  constructor(ports: RegistryPorts, transaction: Transaction) {
    const { records } = ports
    this.templates = new RecordTable(
      'provisioningTemplate',
      records,
      transaction,
      (name, _before, after) => move(this.templateNames, name, after !== undefined),
    )
    this.tokens = new RecordTable(
      'ownershipToken',
      records,
      transaction,
      (token, before, after) => {
        const record = after ?? before
        if (record === undefined) return
        move(this.expiries, expiryKey(record.expiresAtMs, 'token', token), after !== undefined)
      },
    )
    this.claims = new RecordTable(
      'provisioningClaim',
      records,
      transaction,
      (certificateId, before, after) => {
        const expiresAtMs = after ?? before ?? 0
        move(this.expiries, expiryKey(expiresAtMs, 'claim', certificateId), after !== undefined)
      },
    )
    this.tasks = new RecordTable(
      'registrationTask',
      records,
      transaction,
      (taskId, before, after) => {
        const createdAtMs = (after ?? before)?.createdAtMs ?? 0
        move(this.tasksByAge, `${padded(createdAtMs)}/${taskId}`, after !== undefined)
      },
    )
  }

  /** Whether there is a template of that name, for tags. */
  hasTemplate(templateName: string): boolean {
    return this.templates.has(templateName)
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.templates, this.tokens, this.claims, this.tasks]
  }
}

/** Sorts what ends by when it ends. */
function expiryKey(expiresAtMs: number, kind: 'token' | 'claim', id: string): string {
  return `${padded(expiresAtMs)}/${kind}/${id}`
}

/** The parts of an expiry's key. */
export function partsOfExpiryKey(key: string): {
  readonly expiresAtMs: number
  readonly kind: 'token' | 'claim'
  readonly id: string
} {
  const [time = '', kind, id = ''] = key.split('/')
  return { expiresAtMs: Number(time), kind: kind === 'claim' ? 'claim' : 'token', id }
}

function padded(timeMs: number): string {
  return String(timeMs).padStart(16, '0')
}

function move(names: SortedNames, name: string, present: boolean): void {
  if (present) names.add(name)
  else names.delete(name)
}
