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
import { checkAttachable } from '../policy/policy-attachment.ts'
import { notFound } from '../state/constraints.ts'
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
  if (!state.things.byName.has(thingName)) return notFound('Thing', thingName)
  const refused = checkAttachable(state, principal)
  if (refused !== undefined) return refused
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
 * Detaches a principal from a thing.
 *
 * @returns ResourceNotFoundException for an absent thing, or a principal that is not attached
 */
export function detachThingPrincipal(
  state: RegistryState,
  input: DetachThingPrincipalRequest,
): Outcome<DetachThingPrincipalResponse> {
  const { thingName = '', principal = '' } = input
  if (!state.things.byName.has(thingName)) return notFound('Thing', thingName)
  if (!state.principals.attachments.has(attachmentKey(thingName, principal))) {
    return notFound('Principal', `${principal} of thing ${thingName}`)
  }
  detach(state, thingName, principal)
  return accept({})
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
