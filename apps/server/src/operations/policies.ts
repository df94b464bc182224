import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on policies, their versions and attachments (authz C1 to C9). */
export function policyOperations(registry: Registry): OperationHandlers {
  return {
    CreatePolicy: handle(registry.createPolicy),
    CreatePolicyVersion: handle(registry.createPolicyVersion),
    SetDefaultPolicyVersion: handle(registry.setDefaultPolicyVersion),
    DeletePolicyVersion: handle(registry.deletePolicyVersion),
    DeletePolicy: handle(registry.deletePolicy),
    GetPolicy: handle(registry.getPolicy),
    GetPolicyVersion: handle(registry.getPolicyVersion),
    ListPolicies: handle(registry.listPolicies),
    ListPolicyVersions: handle(registry.listPolicyVersions),
    AttachPolicy: handle(registry.attachPolicy),
    DetachPolicy: handle(registry.detachPolicy),
    AttachPrincipalPolicy: handle(registry.attachPrincipalPolicy),
    DetachPrincipalPolicy: handle(registry.detachPrincipalPolicy),
    ListAttachedPolicies: handle(registry.listAttachedPolicies),
    ListTargetsForPolicy: handle(registry.listTargetsForPolicy),
    ListPrincipalPolicies: handle(registry.listPrincipalPolicies),
    ListPolicyPrincipals: handle(registry.listPolicyPrincipals),
  }
}
