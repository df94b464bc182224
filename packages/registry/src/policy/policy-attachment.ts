/**
 * Attaching policies to certificates, groups and Cognito identities (gateway G84, authz A10,
 * C6, C7).
 */
import type {
  AttachPolicyRequest,
  AttachPrincipalPolicyRequest,
  DetachPolicyRequest,
  DetachPrincipalPolicyRequest,
} from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'
import { noPolicy } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { notForDynamicGroups } from '../thing-group/dynamic-refusal.ts'
import { policyAttachmentKey } from './policy-state.ts'
import {
  checkNotInTransfer,
  groupOfTarget,
  policyTarget,
  wellFormedTarget,
} from './policy-target.ts'

/** Policies on one certificate or Cognito identity, and on one group (authz C7). */
const POLICIES_OF_PRINCIPAL_MAX = 10
const POLICIES_OF_GROUP_MAX = 2

/**
 * Attaches a policy; an attached one stays so.
 *
 * @returns ResourceNotFoundException for an absent policy or target, InvalidRequestException for
 *   a target that takes no policies or is being transferred, AccessDeniedException for another
 *   account's, LimitExceededException for an eleventh policy (third of a group)
 */
export function attachPolicy(state: RegistryState, input: AttachPolicyRequest): Outcome<object> {
  return attach(state, input.policyName, input.target, false)
}

/**
 * Detaches a policy; one that is not attached, or not there, stays so.
 *
 * @returns InvalidRequestException for a target that takes no policies, ResourceNotFoundException
 *   for an absent one of a policy that is there (authz C6)
 */
export function detachPolicy(state: RegistryState, input: DetachPolicyRequest): Outcome<object> {
  const { policyName = '', target = '' } = input
  const wellFormed = wellFormedTarget(state, target, false)
  if (!wellFormed.ok) return wellFormed
  if (!state.policies.byName.has(policyName)) return accept({})
  const found = policyTarget(state, target, false)
  if (!found.ok) return found
  detach(state, policyName, found.value)
  return accept({})
}

/** {@link attachPolicy} under its older name, for principals alone (authz C9). */
export function attachPrincipalPolicy(
  state: RegistryState,
  input: AttachPrincipalPolicyRequest,
): Outcome<object> {
  return attach(state, input.policyName, input.principal, true)
}

/**
 * As {@link detachPolicy} for principals alone, but an absent policy is ResourceNotFoundException
 * (authz C9).
 */
export function detachPrincipalPolicy(
  state: RegistryState,
  input: DetachPrincipalPolicyRequest,
): Outcome<object> {
  const { policyName = '', principal = '' } = input
  if (!state.policies.byName.has(policyName)) return noPolicy()
  const found = policyTarget(state, principal, true)
  if (!found.ok) return found
  detach(state, policyName, found.value)
  return accept({})
}

/** Detaches every policy of a target that goes away. */
export function detachAllPolicies(state: RegistryState, target: string): void {
  for (const policyName of state.policies.policies(target)) detach(state, policyName, target)
}

function attach(
  state: RegistryState,
  policyName = '',
  givenTarget = '',
  asPrincipal: boolean,
): Outcome<object> {
  if (!state.policies.byName.has(policyName)) return noPolicy()
  const found = policyTarget(state, givenTarget, asPrincipal)
  if (!found.ok) return found
  const target = found.value
  const groupName = groupOfTarget(state, target)
  if (groupName !== undefined && state.thingGroups.byName.get(groupName)?.dynamic !== undefined) {
    return notForDynamicGroups(state, groupName)
  }
  const inTransfer = checkNotInTransfer(state, target)
  if (inTransfer !== undefined) return inTransfer
  const attached = state.policies.policies(target)
  if (attached.includes(policyName)) return accept({})
  const max = groupName === undefined ? POLICIES_OF_PRINCIPAL_MAX : POLICIES_OF_GROUP_MAX
  if (attached.length >= max) {
    return refuse('LimitExceededException', `${target} already has ${max} policies attached`)
  }
  state.policies.attachments.set(policyAttachmentKey(policyName, target), true)
  state.emit({ kind: 'policyAttachment', policyName, target, attached: true })
  return accept({})
}

function detach(state: RegistryState, policyName: string, target: string): void {
  const key = policyAttachmentKey(policyName, target)
  if (!state.policies.attachments.has(key)) return
  state.policies.attachments.delete(key)
  state.emit({ kind: 'policyAttachment', policyName, target, attached: false })
}
