/**
 * Policies and their attachments in memory.
 */
import { NamesByKey } from '../paging/names-by-key.ts'
import { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { PolicyRecord } from '../state/records.ts'
import type { Transaction } from '../state/transaction.ts'

const NO_POLICIES: readonly string[] = []

/** All policies, by name and age, and what they are attached to. */
export class PolicyState {
  readonly byName: RecordTable<PolicyRecord>
  /** By {@link policyAttachmentKey}. */
  readonly attachments: RecordTable<true>
  /** Keys of {@link ageKey}, oldest first. */
  readonly byAge: SortedNames = new SortedNames()
  /** Targets of each policy. */
  readonly targets: NamesByKey = new NamesByKey()
  // Copied on change: readers hold on to what they were given.
  readonly #policies = new Map<string, readonly string[]>()

  constructor(ports: RegistryPorts, transaction: Transaction) {
    const { records } = ports
    this.byName = new RecordTable('policy', records, transaction, (_name, before, after) => {
      if (before === undefined && after !== undefined) this.byAge.add(ageKey(after))
      if (before !== undefined && after === undefined) this.byAge.delete(ageKey(before))
    })
    this.attachments = new RecordTable(
      'policyAttachment',
      records,
      transaction,
      (key, _before, after) => this.#indexAttachment(key, after !== undefined),
    )
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.byName, this.attachments]
  }

  /** Names of the policies attached to the target itself, sorted. */
  policies(target: string): readonly string[] {
    return this.#policies.get(target) ?? NO_POLICIES
  }

  #indexAttachment(key: string, attached: boolean): void {
    const at = key.indexOf('/')
    const policyName = key.slice(0, at)
    const target = key.slice(at + 1)
    const others = this.policies(target).filter((name) => name !== policyName)
    if (attached) {
      this.targets.add(policyName, target)
      this.#policies.set(target, [...others, policyName].sort())
    } else {
      this.targets.delete(policyName, target)
      if (others.length === 0) this.#policies.delete(target)
      else this.#policies.set(target, others)
    }
  }
}

/** Key of one attachment; a policy's name can hold no slash (authz C1). */
export function policyAttachmentKey(policyName: string, target: string): string {
  return `${policyName}/${target}`
}

/** Orders records by creation time, then by name. */
function ageKey(policy: PolicyRecord): string {
  return `${String(policy.createdAtMs).padStart(16, '0')}/${policy.policyName}`
}
