/**
 * The provisioning family of operations, as members of the registry.
 */
import type { RegistryState } from '../state/registry-state.ts'

/** Operations and lookups of provisioning. */
export interface ProvisioningOperations {}

/** Binds the family to a state. */
export function provisioningOperations(_state: RegistryState): ProvisioningOperations {
  return {}
}
