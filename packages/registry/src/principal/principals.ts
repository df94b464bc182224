/**
 * Principals attached to things (gateway G70, authz F7, X29).
 */
import type {
  AttachThingPrincipalRequest,
  AttachThingPrincipalResponse,
  DetachThingPrincipalRequest,
  DetachThingPrincipalResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'
import { checkNotInTransfer, policyTarget } from '../policy/policy-target.ts'
import { notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { attachmentKey } from './principal-state.ts'

/**
 * Attaches a principal to a thing; an attached one stays so.
 *
 * @returns ResourceNotFoundException for an absent thing or principal, InvalidRequestException
 *   where an exclusive attachment would not be the principal's only one (X29), and for a
 *   certificate that is being transferred (gateway G95)
 */
export function attachThingPrincipal(
  state: RegistryState,
  input: AttachThingPrincipalRequest,
): Outcome<AttachThingPrincipalResponse> {
  const { thingName = '', principal = '', thingPrincipalType } = input
  if (!state.things.byName.has(thingName)) {
    return notFound(
      `Failed to attach the principal ${principal} to thing ${thingName} ` +
        'because the thing does not exist in your account',
    )
  }
  const found = policyTarget(state, principal, true)
  if (!found.ok) return found
  const inTransfer = checkNotInTransfer(state, found.value)
  if (inTransfer !== undefined) return inTransfer
  const exclusive = thingPrincipalType === 'EXCLUSIVE_THING'
  const key = attachmentKey(thingName, principal)
  const existing = state.principals.attachments.get(key)
  if (existing !== undefined) {
    if (thingPrincipalType === undefined || existing === exclusive) return accept({})
    return invalidRequest(
      `${principal} is attached to ${thingName} with another thingPrincipalType`,
    )
  }
  const [other] = state.principals.thingNames(principal)
  if (other !== undefined) {
    const held = state.principals.attachments.get(attachmentKey(other, principal)) === true
    if (held) return invalidRequest(`${principal} is attached exclusively to thing ${other}`)
    if (exclusive) return invalidRequest(`${principal} is already attached to thing ${other}`)
  }
  state.principals.attachments.set(key, exclusive)
  state.emit({ kind: 'thingPrincipal', thingName, principal, attached: true })
  return accept({})
}

/**
 * Detaches a principal from a thing; one that is not attached stays so.
 *
 * @returns ResourceNotFoundException for an absent thing or principal, InvalidRequestException for
 *   what is no principal
 */
export function detachThingPrincipal(
  state: RegistryState,
  input: DetachThingPrincipalRequest,
): Outcome<DetachThingPrincipalResponse> {
  const { thingName = '', principal = '' } = input
  if (!state.things.byName.has(thingName)) {
    return notFound(
      `Failed to detach the principal ${principal} from thing ${thingName} ` +
        'because the thing does not exist in your account',
    )
  }
  const found = presentPrincipal(
    state,
    principal,
    `Can't detach the principal ${principal} from thing ${thingName}`,
  )
  if (!found.ok) return found
  if (!state.principals.attachments.has(attachmentKey(thingName, principal))) return accept({})
  detach(state, thingName, principal)
  return accept({})
}

/** The principal; ResourceNotFoundException in the words of an operation when it is absent. */
export function presentPrincipal(
  state: RegistryState,
  principal: string,
  failure: string,
): Outcome<string> {
  const found = policyTarget(state, principal, true)
  if (found.ok || found.error.code !== 'ResourceNotFoundException') return found
  return notFound(`${failure} because the principal does not exist in your account`)
}

/** Detaches a principal that goes away from every thing. */
export function detachAllThings(state: RegistryState, principal: string): void {
  for (const { thingName } of state.principals.things(principal)) {
    detach(state, thingName, principal)
  }
}

function detach(state: RegistryState, thingName: string, principal: string): void {
  state.principals.attachments.delete(attachmentKey(thingName, principal))
  state.emit({ kind: 'thingPrincipal', thingName, principal, attached: false })
}
