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
import {
  accept,
  invalidRequest,
  nameInArn,
  refuse,
  type Outcome,
  type Refused,
} from '@muster/model'
import { notFound } from '../state/constraints.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { policyAttachmentKey } from './policy-state.ts'

/** Policies on one certificate or Cognito identity, and on one group (authz C7). */
const POLICIES_OF_PRINCIPAL_MAX = 10
const POLICIES_OF_GROUP_MAX = 2

/** `region:uuid`. */
const COGNITO_IDENTITY = /^[\w-]+:[0-9a-fA-F-]{36}$/

/**
 * Attaches a policy; an attached one stays so.
 *
 * @returns ResourceNotFoundException for an absent policy or target, InvalidRequestException for
 *   a target that takes no policies or is being transferred, LimitExceededException for an eleventh policy (third of a
 *   group)
 */
export function attachPolicy(state: RegistryState, input: AttachPolicyRequest): Outcome<object> {
  const { policyName = '', target = '' } = input
  if (!state.policies.byName.has(policyName)) return notFound('Policy', policyName)
  const refused = checkNewTarget(state, target)
  if (refused !== undefined) return refused
  const attached = state.policies.policies(target)
  if (attached.includes(policyName)) return accept({})
  const max = isThingGroupArn(state, target) ? POLICIES_OF_GROUP_MAX : POLICIES_OF_PRINCIPAL_MAX
  if (attached.length >= max) {
    return refuse('LimitExceededException', `${target} already has ${max} policies attached`)
  }
  state.policies.attachments.set(policyAttachmentKey(policyName, target), true)
  state.emit({ kind: 'policyAttachment', policyName, target, attached: true })
  return accept({})
}

/**
 * Detaches a policy; one that is not attached stays so.
 *
 * @returns InvalidRequestException for an absent policy: the operation knows no
 *   ResourceNotFoundException (authz C6)
 */
export function detachPolicy(state: RegistryState, input: DetachPolicyRequest): Outcome<object> {
  const { policyName = '', target = '' } = input
  if (!state.policies.byName.has(policyName)) {
    return invalidRequest(`there is no policy ${policyName}`)
  }
  detach(state, policyName, target)
  return accept({})
}

/** {@link attachPolicy} under its older name (authz C9). */
export function attachPrincipalPolicy(
  state: RegistryState,
  input: AttachPrincipalPolicyRequest,
): Outcome<object> {
  const { policyName, principal = '' } = input
  if (isThingGroupArn(state, principal)) return invalidRequest(`${principal} is no principal`)
  return attachPolicy(state, { policyName, target: principal })
}

/** As {@link detachPolicy}, but an absent policy is ResourceNotFoundException (authz C9). */
export function detachPrincipalPolicy(
  state: RegistryState,
  input: DetachPrincipalPolicyRequest,
): Outcome<object> {
  const { policyName = '', principal = '' } = input
  if (!state.policies.byName.has(policyName)) return notFound('Policy', policyName)
  detach(state, policyName, principal)
  return accept({})
}

/** Detaches every policy of a target that goes away. */
export function detachAllPolicies(state: RegistryState, target: string): void {
  for (const policyName of state.policies.policies(target)) detach(state, policyName, target)
}

/** Refuses what can never have policies (things, strangers) and what is not there. */
export function checkPolicyTarget(state: RegistryState, target: string): Refused | undefined {
  const groupName = nameInArn(state.ports.account, 'thinggroup', target)
  if (groupName === undefined) return checkPrincipal(state, target)
  return state.thingGroups.byName.has(groupName) ? undefined : notFound('Thing group', groupName)
}

/** Refuses what is no certificate of this account and no Cognito identity. */
export function checkPrincipal(state: RegistryState, principal: string): Refused | undefined {
  const certificateId = nameInArn(state.ports.account, 'cert', principal)
  if (certificateId !== undefined) {
    if (state.certificates.certificates.has(certificateId)) return undefined
    return notFound('Certificate', certificateId)
  }
  if (COGNITO_IDENTITY.test(principal)) return undefined
  return invalidRequest(
    `${principal} is neither a certificate ARN of this account nor a Cognito identity`,
  )
}

/**
 * As {@link checkPrincipal}, for a principal that something is to be attached to: what is offered
 * to another account must arrive there bare (gateway G95).
 */
export function checkAttachable(state: RegistryState, principal: string): Refused | undefined {
  const refused = checkPrincipal(state, principal)
  if (refused !== undefined) return refused
  const certificateId = nameInArn(state.ports.account, 'cert', principal) ?? ''
  const status = state.certificates.certificates.get(certificateId)?.status
  if (status !== 'PENDING_TRANSFER') return undefined
  return invalidRequest(
    `Certificate ${certificateId} is being transferred: nothing can be attached to it`,
  )
}

/** Whether the target is a thing group of this account. */
export function isThingGroupArn(state: RegistryState, target: string): boolean {
  return nameInArn(state.ports.account, 'thinggroup', target) !== undefined
}

function checkNewTarget(state: RegistryState, target: string): Refused | undefined {
  const groupName = nameInArn(state.ports.account, 'thinggroup', target)
  if (groupName === undefined) return checkAttachable(state, target)
  if (state.thingGroups.byName.get(groupName)?.dynamic === undefined) {
    return checkPolicyTarget(state, target)
  }
  return invalidRequest(`dynamic thing group ${groupName} can have no policies`)
}

function detach(state: RegistryState, policyName: string, target: string): void {
  const key = policyAttachmentKey(policyName, target)
  if (!state.policies.attachments.has(key)) return
  state.policies.attachments.delete(key)
  state.emit({ kind: 'policyAttachment', policyName, target, attached: false })
}
