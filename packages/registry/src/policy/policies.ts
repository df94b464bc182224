/**
 * Policies and their versions (authz C1 to C5).
 */
import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyRequest,
  DeletePolicyVersionRequest,
  SetDefaultPolicyVersionRequest,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, refuse, type Outcome, type Refused } from '@muster/model'
import { noPolicy, noPolicyVersion } from '../state/absent.ts'
import type { PolicyRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { checkNewTags, putTags } from '../tag/tags.ts'

/** Versions that one policy can have (authz C2). */
const VERSIONS_MAX = 5
/** What a policy can be called. */
export const POLICY_NAME: RegExp = /^[\w+=,.@-]{1,128}$/

/**
 * Creates a policy with version 1 as its default.
 *
 * @returns ResourceAlreadyExistsException for a used name, MalformedPolicyException,
 *   InvalidRequestException for a bad name or tags
 */
export function createPolicy(
  state: RegistryState,
  input: CreatePolicyRequest,
  nowMs: number,
): Outcome<CreatePolicyResponse> {
  const { policyName = '', policyDocument = '' } = input
  if (!POLICY_NAME.test(policyName)) {
    return invalidRequest('policyName must be 1 to 128 of [\\w+=,.@-]')
  }
  const policyArn = iotArn(state.ports.account, 'policy', policyName)
  if (state.policies.byName.has(policyName)) {
    return refuse(
      'ResourceAlreadyExistsException',
      `Policy cannot be created - name already exists (name=${policyName})`,
      { resourceId: policyName, resourceArn: policyArn },
    )
  }
  const bad = checkDocument(state, policyDocument) ?? checkNewTags(input.tags)
  if (bad !== undefined) return bad
  state.policies.byName.set(policyName, {
    policyName,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    generationId: state.ports.newId(),
    defaultVersionId: '1',
    nextVersion: 2,
    versions: [{ versionId: '1', document: policyDocument, createdAtMs: nowMs }],
  })
  putTags(state, policyArn, input.tags)
  state.emit({ kind: 'policy', policyName, documentBefore: undefined })
  return accept({ policyName, policyArn, policyDocument, policyVersionId: '1' })
}

/**
 * Adds a version, as the default one only when asked.
 *
 * @returns ResourceNotFoundException, MalformedPolicyException, VersionsLimitExceededException
 *   for a sixth version
 */
export function createPolicyVersion(
  state: RegistryState,
  input: CreatePolicyVersionRequest,
  nowMs: number,
): Outcome<CreatePolicyVersionResponse> {
  const { policyName = '', policyDocument = '', setAsDefault = false } = input
  const policy = state.policies.byName.get(policyName)
  if (policy === undefined) return noPolicy()
  const bad = checkDocument(state, policyDocument)
  if (bad !== undefined) return bad
  if (policy.versions.length >= VERSIONS_MAX) {
    return refuse(
      'VersionsLimitExceededException',
      `The policy ${policyName} already has the maximum number of versions (${VERSIONS_MAX})`,
    )
  }
  const versionId = String(policy.nextVersion)
  replacePolicy(state, {
    ...policy,
    modifiedAtMs: nowMs,
    defaultVersionId: setAsDefault ? versionId : policy.defaultVersionId,
    nextVersion: policy.nextVersion + 1,
    versions: [...policy.versions, { versionId, document: policyDocument, createdAtMs: nowMs }],
  })
  return accept({
    policyArn: iotArn(state.ports.account, 'policy', policyName),
    policyDocument,
    policyVersionId: versionId,
    isDefaultVersion: setAsDefault,
  })
}

/**
 * Makes a version the one that is enforced.
 *
 * @returns ResourceNotFoundException for an absent policy or version
 */
export function setDefaultPolicyVersion(
  state: RegistryState,
  input: SetDefaultPolicyVersionRequest,
  nowMs: number,
): Outcome<object> {
  const found = findVersion(state, input.policyName, input.policyVersionId)
  if (!found.ok) return found
  const { policy, versionId } = found.value
  if (policy.defaultVersionId === versionId) return accept({})
  replacePolicy(state, { ...policy, modifiedAtMs: nowMs, defaultVersionId: versionId })
  return accept({})
}

/**
 * Deletes a version that is not the default one.
 *
 * @returns ResourceNotFoundException, DeleteConflictException for the default version (authz C5)
 */
export function deletePolicyVersion(
  state: RegistryState,
  input: DeletePolicyVersionRequest,
  nowMs: number,
): Outcome<object> {
  const found = findVersion(state, input.policyName, input.policyVersionId)
  if (!found.ok) return found
  const { policy, versionId } = found.value
  if (policy.defaultVersionId === versionId) {
    return refuse(
      'DeleteConflictException',
      `Cannot delete a default policy version (name=${policy.policyName}, versionId=${versionId})`,
    )
  }
  const versions = policy.versions.filter((version) => version.versionId !== versionId)
  replacePolicy(state, { ...policy, modifiedAtMs: nowMs, versions })
  return accept({})
}

/**
 * Deletes a policy.
 *
 * @returns ResourceNotFoundException, DeleteConflictException while it has other versions or is
 *   attached (authz C4)
 */
export function deletePolicy(state: RegistryState, input: DeletePolicyRequest): Outcome<object> {
  const { policyName = '' } = input
  const policy = state.policies.byName.get(policyName)
  if (policy === undefined) return noPolicy()
  if (policy.versions.length > 1) {
    return refuse(
      'DeleteConflictException',
      'The policy cannot be deleted as versions other than than default version exist ' +
        `(name=${policyName})`,
    )
  }
  if (state.policies.targets.get(policyName).size > 0) {
    return refuse(
      'DeleteConflictException',
      `The policy cannot be deleted as the policy is attached to one or more principals ` +
        `(name=${policyName})`,
    )
  }
  state.policies.byName.delete(policyName)
  state.tags.byArn.delete(iotArn(state.ports.account, 'policy', policyName))
  state.emit({ kind: 'policy', policyName, documentBefore: defaultDocument(policy) })
  return accept({})
}

/** A policy and one of its versions, or ResourceNotFoundException. */
export function findVersion(
  state: RegistryState,
  policyName = '',
  versionId = '',
): Outcome<{ policy: PolicyRecord; versionId: string }> {
  const policy = state.policies.byName.get(policyName)
  if (policy === undefined) return noPolicy()
  if (!policy.versions.some((version) => version.versionId === versionId)) {
    return noPolicyVersion(policyName, versionId)
  }
  return accept({ policy, versionId })
}

/** Document of the version in force; undefined for an absent policy. */
export function defaultDocument(policy: PolicyRecord | undefined): string | undefined {
  return policy?.versions.find(({ versionId }) => versionId === policy.defaultVersionId)?.document
}

function replacePolicy(state: RegistryState, policy: PolicyRecord): void {
  const { policyName } = policy
  const documentBefore = defaultDocument(state.policies.byName.get(policyName))
  state.policies.byName.set(policyName, policy)
  state.emit({ kind: 'policy', policyName, documentBefore })
}

function checkDocument(state: RegistryState, document: string): Refused | undefined {
  const fault = state.ports.policyFault?.(document)
  return fault === undefined ? undefined : refuse('MalformedPolicyException', fault)
}
