/**
 * The policy family of operations, as members of the registry.
 */
import type {
  AttachPolicyRequest,
  AttachPrincipalPolicyRequest,
  CreatePolicyRequest,
  CreatePolicyResponse,
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyRequest,
  DeletePolicyVersionRequest,
  DetachPolicyRequest,
  DetachPrincipalPolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListAttachedPoliciesRequest,
  ListAttachedPoliciesResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
  ListPolicyPrincipalsRequest,
  ListPolicyPrincipalsResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  ListPrincipalPoliciesRequest,
  ListPrincipalPoliciesResponse,
  ListTargetsForPolicyRequest,
  ListTargetsForPolicyResponse,
  SetDefaultPolicyVersionRequest,
} from '@aws-sdk/client-iot'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  getPolicy,
  getPolicyVersion,
  listAttachedPolicies,
  listPolicies,
  listPolicyPrincipals,
  listPolicyVersions,
  listPrincipalPolicies,
  listTargetsForPolicy,
} from './list-policies.ts'
import {
  createPolicy,
  createPolicyVersion,
  deletePolicy,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from './policies.ts'
import {
  attachPolicy,
  attachPrincipalPolicy,
  detachPolicy,
  detachPrincipalPolicy,
} from './policy-attachment.ts'

/** Operations on policies (authz C1 to C9, gateway G84). */
export interface PolicyOperations {
  readonly createPolicy: Operation<CreatePolicyRequest, CreatePolicyResponse>
  readonly createPolicyVersion: Operation<CreatePolicyVersionRequest, CreatePolicyVersionResponse>
  readonly setDefaultPolicyVersion: Operation<SetDefaultPolicyVersionRequest, object>
  readonly deletePolicyVersion: Operation<DeletePolicyVersionRequest, object>
  readonly deletePolicy: Operation<DeletePolicyRequest, object>
  readonly getPolicy: Operation<GetPolicyRequest, GetPolicyResponse>
  readonly getPolicyVersion: Operation<GetPolicyVersionRequest, GetPolicyVersionResponse>
  readonly listPolicies: Operation<ListPoliciesRequest, ListPoliciesResponse>
  readonly listPolicyVersions: Operation<ListPolicyVersionsRequest, ListPolicyVersionsResponse>
  readonly attachPolicy: Operation<AttachPolicyRequest, object>
  readonly detachPolicy: Operation<DetachPolicyRequest, object>
  readonly attachPrincipalPolicy: Operation<AttachPrincipalPolicyRequest, object>
  readonly detachPrincipalPolicy: Operation<DetachPrincipalPolicyRequest, object>
  readonly listAttachedPolicies: Operation<
    ListAttachedPoliciesRequest,
    ListAttachedPoliciesResponse
  >
  readonly listTargetsForPolicy: Operation<
    ListTargetsForPolicyRequest,
    ListTargetsForPolicyResponse
  >
  readonly listPrincipalPolicies: Operation<
    ListPrincipalPoliciesRequest,
    ListPrincipalPoliciesResponse
  >
  readonly listPolicyPrincipals: Operation<
    ListPolicyPrincipalsRequest,
    ListPolicyPrincipalsResponse
  >
}

/** Binds the family to a state. */
export function policyOperations(state: RegistryState): PolicyOperations {
  return {
    createPolicy: (input, nowMs) => createPolicy(state, input, nowMs),
    createPolicyVersion: (input, nowMs) => createPolicyVersion(state, input, nowMs),
    setDefaultPolicyVersion: (input, nowMs) => setDefaultPolicyVersion(state, input, nowMs),
    deletePolicyVersion: (input, nowMs) => deletePolicyVersion(state, input, nowMs),
    deletePolicy: (input) => deletePolicy(state, input),
    getPolicy: (input) => getPolicy(state, input),
    getPolicyVersion: (input) => getPolicyVersion(state, input),
    listPolicies: (input) => listPolicies(state, input),
    listPolicyVersions: (input) => listPolicyVersions(state, input),
    attachPolicy: (input) => attachPolicy(state, input),
    detachPolicy: (input) => detachPolicy(state, input),
    attachPrincipalPolicy: (input) => attachPrincipalPolicy(state, input),
    detachPrincipalPolicy: (input) => detachPrincipalPolicy(state, input),
    listAttachedPolicies: (input) => listAttachedPolicies(state, input),
    listTargetsForPolicy: (input) => listTargetsForPolicy(state, input),
    listPrincipalPolicies: (input) => listPrincipalPolicies(state, input),
    listPolicyPrincipals: (input) => listPolicyPrincipals(state, input),
  }
}
