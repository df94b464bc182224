/**
 * GetPolicy, GetPolicyVersion and the listings of policies and targets (authz C8, C9).
 */
import type {
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
  Policy,
} from '@aws-sdk/client-iot'
import { accept, iotArn, type Outcome } from '@muster/model'
import { nextMarker, page } from '../paging/page.ts'
import { noPolicy, notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { defaultDocument, findVersion } from './policies.ts'
import { groupOfTarget, policyTarget } from './policy-target.ts'

/** @returns ResourceNotFoundException for an absent policy */
export function getPolicy(
  state: RegistryState,
  input: GetPolicyRequest,
): Outcome<GetPolicyResponse> {
  const { policyName = '' } = input
  const policy = state.policies.byName.get(policyName)
  if (policy === undefined) return notFound('Policy default version not found')
  return accept({
    ...describe(state, policyName),
    policyDocument: defaultDocument(policy),
    defaultVersionId: policy.defaultVersionId,
    creationDate: new Date(policy.createdAtMs),
    lastModifiedDate: new Date(policy.modifiedAtMs),
    generationId: policy.generationId,
  })
}

/** @returns ResourceNotFoundException for an absent policy or version */
export function getPolicyVersion(
  state: RegistryState,
  input: GetPolicyVersionRequest,
): Outcome<GetPolicyVersionResponse> {
  const found = findVersion(state, input.policyName, input.policyVersionId)
  if (!found.ok) return found
  const { policy, versionId } = found.value
  const version = policy.versions.find((candidate) => candidate.versionId === versionId)
  return accept({
    ...describe(state, policy.policyName),
    policyDocument: version?.document,
    policyVersionId: versionId,
    isDefaultVersion: versionId === policy.defaultVersionId,
    creationDate: new Date(version?.createdAtMs ?? policy.createdAtMs),
    lastModifiedDate: new Date(version?.createdAtMs ?? policy.modifiedAtMs),
    generationId: policy.generationId,
  })
}

/** All versions, newest first. @returns ResourceNotFoundException for an absent policy */
export function listPolicyVersions(
  state: RegistryState,
  input: ListPolicyVersionsRequest,
): Outcome<ListPolicyVersionsResponse> {
  const { policyName = '' } = input
  const policy = state.policies.byName.get(policyName)
  if (policy === undefined) return noPolicy()
  const policyVersions = policy.versions.toReversed().map((version) => ({
    versionId: version.versionId,
    isDefaultVersion: version.versionId === policy.defaultVersionId,
    createDate: new Date(version.createdAtMs),
  }))
  return accept({ policyVersions })
}

/** Policies by age, newest first unless `ascendingOrder`. */
export function listPolicies(
  state: RegistryState,
  input: ListPoliciesRequest,
): Outcome<ListPoliciesResponse> {
  const { ascendingOrder = false } = input
  const { byAge } = state.policies
  const outcome = page(
    {
      scope: JSON.stringify(['ListPolicies', ascendingOrder]),
      token: input.marker,
      size: input.pageSize,
    },
    (last) => (ascendingOrder ? byAge.after(last) : byAge.before(last)),
    (key) => describe(state, key.slice(key.indexOf('/') + 1)),
  )
  if (!outcome.ok) return outcome
  return accept({ policies: outcome.value.items, ...nextMarker(outcome.value) })
}

/**
 * Policies attached to a target, by name; with `recursive` those of the groups above it too.
 *
 * @returns ResourceNotFoundException or InvalidRequestException for a target that is none
 */
export function listAttachedPolicies(
  state: RegistryState,
  input: ListAttachedPoliciesRequest,
): Outcome<ListAttachedPoliciesResponse> {
  const { target = '', recursive = false } = input
  const found = policyTarget(state, target, false)
  if (!found.ok) return found
  const names = new Set(state.policies.policies(found.value))
  const { account } = state.ports
  const groupName = groupOfTarget(state, found.value)
  if (recursive && groupName !== undefined) {
    for (const ancestor of state.thingGroups.ancestors(groupName)) {
      const ancestorArn = iotArn(account, 'thinggroup', ancestor)
      for (const name of state.policies.policies(ancestorArn)) names.add(name)
    }
  }
  const scope = JSON.stringify(['ListAttachedPolicies', target, recursive])
  return policyPage(state, [...names].sort(), scope, true, input.marker, input.pageSize)
}

/**
 * {@link listAttachedPolicies} under its older name, for principals alone (authz C9).
 *
 * @returns ResourceNotFoundException or InvalidRequestException for a principal that is none
 */
export function listPrincipalPolicies(
  state: RegistryState,
  input: ListPrincipalPoliciesRequest,
): Outcome<ListPrincipalPoliciesResponse> {
  const { principal = '', ascendingOrder = true } = input
  const found = policyTarget(state, principal, true)
  if (!found.ok) return found
  const scope = JSON.stringify(['ListPrincipalPolicies', principal, ascendingOrder])
  const names = state.policies.policies(found.value)
  return policyPage(state, names, scope, ascendingOrder, input.marker, input.pageSize)
}

/**
 * Targets of a policy, by ARN.
 *
 * @returns ResourceNotFoundException for an absent policy
 */
export function listTargetsForPolicy(
  state: RegistryState,
  input: ListTargetsForPolicyRequest,
): Outcome<ListTargetsForPolicyResponse> {
  const { policyName = '' } = input
  if (!state.policies.byName.has(policyName)) return noPolicy()
  const targets = state.policies.targets.get(policyName)
  const outcome = page(
    {
      scope: JSON.stringify(['ListTargetsForPolicy', policyName]),
      token: input.marker,
      size: input.pageSize,
    },
    (last) => targets.after(last),
    (target) => target,
  )
  if (!outcome.ok) return outcome
  return accept({ targets: outcome.value.items, ...nextMarker(outcome.value) })
}

/**
 * Targets of a policy that are principals, by ARN (authz C9).
 *
 * @returns ResourceNotFoundException for an absent policy
 */
export function listPolicyPrincipals(
  state: RegistryState,
  input: ListPolicyPrincipalsRequest,
): Outcome<ListPolicyPrincipalsResponse> {
  const { policyName = '', ascendingOrder = true } = input
  if (!state.policies.byName.has(policyName)) return noPolicy()
  const targets = state.policies.targets.get(policyName)
  const outcome = page(
    {
      scope: JSON.stringify(['ListPolicyPrincipals', policyName, ascendingOrder]),
      token: input.marker,
      size: input.pageSize,
    },
    (last) => (ascendingOrder ? targets.after(last) : targets.before(last)),
    (target) => (groupOfTarget(state, target) === undefined ? target : undefined),
  )
  if (!outcome.ok) return outcome
  return accept({ principals: outcome.value.items, ...nextMarker(outcome.value) })
}

/** @param names - ascending, and few: a target has at most ten policies */
function policyPage(
  state: RegistryState,
  names: readonly string[],
  scope: string,
  ascending: boolean,
  token: string | undefined,
  size: number | undefined,
): Outcome<{ policies: Policy[]; nextMarker?: string }> {
  const ordered = ascending ? names : names.toReversed()
  const outcome = page(
    { scope, token, size },
    (last) => {
      if (last === undefined) return ordered
      return ordered.filter((name) => (ascending ? name > last : name < last))
    },
    (name) => describe(state, name),
  )
  if (!outcome.ok) return outcome
  return accept({ policies: outcome.value.items, ...nextMarker(outcome.value) })
}

function describe(
  state: RegistryState,
  policyName: string,
): { policyName: string; policyArn: string } {
  return { policyName, policyArn: iotArn(state.ports.account, 'policy', policyName) }
}
