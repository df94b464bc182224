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
  /** Compiled at first use; a changed group is another record. */
  readonly dynamicQueries: WeakMap<ThingGroupRecord, CompiledQuery> = new WeakMap()
  #parts: Parts

  /** Loads what the durable records hold. */
  constructor(ports: RegistryPorts) {
    this.ports = ports
    this.transaction = new Transaction(ports.emit)
    this.#parts = loadedParts(ports, this.transaction)
  }

  get things(): ThingState {
    return this.#parts.things
  }

  get thingTypes(): ThingTypeState {
    return this.#parts.thingTypes
  }

  get thingGroups(): ThingGroupState {
    return this.#parts.thingGroups
  }

  get principals(): PrincipalState {
    return this.#parts.principals
  }

  get policies(): PolicyState {
    return this.#parts.policies
  }

  get certificates(): CertificateState {
    return this.#parts.certificates
  }

  get provisioning(): ProvisioningState {
    return this.#parts.provisioning
  }

  get tags(): TagState {
    return this.#parts.tags
  }

  get billingGroups(): BillingGroupState {
    return this.#parts.billingGroups
  }

  get settings(): SettingsState {
    return this.#parts.settings
  }

  /** Tells of a change that has been applied. */
  emit(change: RegistryChange): void {
    this.transaction.emit(change)
  }

  /** Takes what the durable records hold now, without telling of it. */
  reload(): void {
    this.#parts = loadedParts(this.ports, this.transaction)
  }
}

interface Parts {
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
}

function loadedParts(ports: RegistryPorts, transaction: Transaction): Parts {
  const parts: Parts = {
    things: new ThingState(ports, transaction),
    thingTypes: new ThingTypeState(ports, transaction),
    thingGroups: new ThingGroupState(ports, transaction),
    principals: new PrincipalState(ports, transaction),
    policies: new PolicyState(ports, transaction),
    certificates: new CertificateState(ports, transaction),
    provisioning: new ProvisioningState(ports, transaction),
    tags: new TagState(ports, transaction),
    billingGroups: new BillingGroupState(ports, transaction),
    settings: new SettingsState(ports, transaction),
  }
  for (const part of Object.values(parts) as { tables(): readonly KeptTable[] }[]) {
    for (const table of part.tables()) table.load()
  }
  return parts
}
