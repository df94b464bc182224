/**
 * Everything the registry holds, part by part; operations are functions over it.
 */
import { BillingGroupState } from '../billing-group/billing-group-state.ts'
import { CertificateState } from '../certificate/certificate-state.ts'
import type { CompiledQuery } from '../query/compiled-query.ts'
import { PolicyState } from '../policy/policy-state.ts'
import { PrincipalState } from '../principal/principal-state.ts'
import { ProvisioningState } from '../provisioning/provisioning-state.ts'
import { TagState } from '../tag/tag-state.ts'
import { ThingGroupState } from '../thing-group/thing-group-state.ts'
import { ThingTypeState } from '../thing-type/thing-type-state.ts'
import { ThingState } from '../thing/thing-state.ts'
import type { RegistryChange } from './change.ts'
import type { RegistryPorts } from './ports.ts'
import type { KeptTable } from './record-table.ts'
import type { ThingGroupRecord } from './records.ts'
import { SettingsState } from './settings-state.ts'
import { Transaction } from './transaction.ts'

/** The registry's memory. */
export class RegistryState {
  readonly ports: RegistryPorts
  readonly transaction: Transaction
  readonly things: ThingState
  readonly thingTypes: ThingTypeState
  readonly thingGroups: ThingGroupState
  readonly principals: PrincipalState
  readonly policies: PolicyState
  readonly certificates: CertificateState
  readonly provisioning: ProvisioningState
  readonly tags: TagState
  readonly billingGroups: BillingGroupState
  readonly settings: SettingsState
  /** Compiled at first use; a changed group is another record. */
  readonly dynamicQueries: WeakMap<ThingGroupRecord, CompiledQuery> = new WeakMap()

  /** Loads what the durable records hold. */
  constructor(ports: RegistryPorts) {
    const transaction = new Transaction(ports.emit)
    this.ports = ports
    this.transaction = transaction
    this.things = new ThingState(ports, transaction)
    this.thingTypes = new ThingTypeState(ports, transaction)
    this.thingGroups = new ThingGroupState(ports, transaction)
    this.principals = new PrincipalState(ports, transaction)
    this.policies = new PolicyState(ports, transaction)
    this.certificates = new CertificateState(ports, transaction)
    this.provisioning = new ProvisioningState(ports, transaction)
    this.tags = new TagState(ports, transaction)
    this.billingGroups = new BillingGroupState(ports, transaction)
    this.settings = new SettingsState(ports, transaction)
    for (const table of this.#tables()) table.load()
  }

  /** Tells of a change that has been applied. */
  emit(change: RegistryChange): void {
    this.transaction.emit(change)
  }

  /** Forgets everything, durable records included, without telling of it (`/_muster/reset`). */
  reset(): void {
    for (const table of this.#tables()) table.clear()
  }

  #tables(): KeptTable[] {
    return [
      this.things,
      this.thingTypes,
      this.thingGroups,
      this.principals,
      this.policies,
      this.certificates,
      this.provisioning,
      this.tags,
      this.billingGroups,
      this.settings,
    ].flatMap((part) => part.tables())
  }
}
