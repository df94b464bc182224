/**
 * The registry: all its parts as one object whose operations are named as AWS names them.
 */
import {
  certificateOperations,
  type CertificateOperations,
} from './certificate/certificate-operations.ts'
import { registryLookups, type RegistryLookups } from './lookups.ts'
import { policyOperations, type PolicyOperations } from './policy/policy-operations.ts'
import { principalOperations, type PrincipalOperations } from './principal/principal-operations.ts'
import {
  provisioningOperations,
  type ProvisioningOperations,
} from './provisioning/provisioning-operations.ts'
import {
  billingGroupOperations,
  type BillingGroupOperations,
} from './billing-group/billing-group-operations.ts'
import {
  dynamicThingGroupOperations,
  type DynamicThingGroupOperations,
} from './dynamic-thing-group/dynamic-thing-group-operations.ts'
import {
  eventConfigurationOperations,
  type EventConfigurationOperations,
} from './event-configuration/event-configurations.ts'
import { queryOperations, type QueryOperations } from './query/query-operations.ts'
import { tagOperations, type TagOperations } from './tag/tag-operations.ts'
import {
  thingTypeOperations,
  type ThingTypeOperations,
} from './thing-type/thing-type-operations.ts'
import type { RegistryPorts } from './state/ports.ts'
import { RegistryState } from './state/registry-state.ts'
import {
  thingGroupOperations,
  type ThingGroupOperations,
} from './thing-group/thing-group-operations.ts'
import { thingOperations, type ThingOperations } from './thing/thing-operations.ts'

/** Lookups, and one method for each AWS operation: `(input, nowMs) => Outcome<output>`. */
export interface Registry
  extends
    RegistryLookups,
    ThingOperations,
    ThingTypeOperations,
    ThingGroupOperations,
    DynamicThingGroupOperations,
    QueryOperations,
    BillingGroupOperations,
    TagOperations,
    EventConfigurationOperations,
    PrincipalOperations,
    PolicyOperations,
    CertificateOperations,
    ProvisioningOperations {
  /** Forgets everything, durable records included, and tells nobody (`/_muster/reset`). */
  reset(): void
}

/** A registry that holds what `ports.records` hold. */
export function openRegistry(ports: RegistryPorts): Registry {
  const state = new RegistryState(ports)
  return {
    ...registryLookups(state),
    ...thingOperations(state),
    ...thingTypeOperations(state),
    ...thingGroupOperations(state),
    ...dynamicThingGroupOperations(state),
    ...queryOperations(state),
    ...billingGroupOperations(state),
    ...tagOperations(state),
    ...eventConfigurationOperations(state),
    ...principalOperations(state),
    ...policyOperations(state),
    ...certificateOperations(state),
    ...provisioningOperations(state),
    reset: () => state.reset(),
  }
}
