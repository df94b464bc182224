/**
 * Listings of principals by thing and of things by principal (gateway G70).
 */
import type {
  ListPrincipalThingsRequest,
  ListPrincipalThingsResponse,
  ListPrincipalThingsV2Request,
  ListPrincipalThingsV2Response,
  ListThingPrincipalsRequest,
  ListThingPrincipalsResponse,
  ListThingPrincipalsV2Request,
  ListThingPrincipalsV2Response,
  ThingPrincipalType,
} from '@aws-sdk/client-iot'
import { accept, type Outcome } from '@muster/model'
import { nextToken, page, type Page } from '../paging/page.ts'
import { notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { attachmentKey } from './principal-state.ts'
import { presentPrincipal } from './principals.ts'

/** Principals of a thing, by ARN. @returns ResourceNotFoundException for an absent thing */
export function listThingPrincipals(
  state: RegistryState,
  input: ListThingPrincipalsRequest,
): Outcome<ListThingPrincipalsResponse> {
  const outcome = principalPage(state, 'ListThingPrincipals', input)
  if (!outcome.ok) return outcome
  const principals = outcome.value.items.map(({ principal }) => principal)
  return accept({ principals, ...nextToken(outcome.value) })
}

/** As {@link listThingPrincipals}, with the kind of each attachment, and a filter by it. */
export function listThingPrincipalsV2(
  state: RegistryState,
  input: ListThingPrincipalsV2Request,
): Outcome<ListThingPrincipalsV2Response> {
  const outcome = principalPage(state, 'ListThingPrincipalsV2', input)
  if (!outcome.ok) return outcome
  return accept({ thingPrincipalObjects: outcome.value.items, ...nextToken(outcome.value) })
}

/** Things of a principal, by name. @returns ResourceNotFoundException for an absent principal */
export function listPrincipalThings(
  state: RegistryState,
  input: ListPrincipalThingsRequest,
): Outcome<ListPrincipalThingsResponse> {
  const outcome = thingPage(state, 'ListPrincipalThings', input)
  if (!outcome.ok) return outcome
  const things = outcome.value.items.map(({ thingName }) => thingName)
  return accept({ things, ...nextToken(outcome.value) })
}

/** As {@link listPrincipalThings}, with the kind of each attachment, and a filter by it. */
export function listPrincipalThingsV2(
  state: RegistryState,
  input: ListPrincipalThingsV2Request,
): Outcome<ListPrincipalThingsV2Response> {
  const outcome = thingPage(state, 'ListPrincipalThingsV2', input)
  if (!outcome.ok) return outcome
  return accept({ principalThingObjects: outcome.value.items, ...nextToken(outcome.value) })
}

function principalPage(
  state: RegistryState,
  operation: string,
  input: ListThingPrincipalsV2Request,
): Outcome<Page<{ principal: string; thingPrincipalType: ThingPrincipalType }>> {
  const { thingName = '', thingPrincipalType: only } = input
  if (!state.things.byName.has(thingName)) {
    // AWS leaves out the blank before the name.
    return notFound(
      `Failed to list principals for thing${thingName} ` +
        'because the thing does not exist in your account',
    )
  }
  const scope = JSON.stringify([operation, thingName, only])
  return page(
    { scope, token: input.nextToken, size: input.maxResults },
    (last) => state.principals.principals(thingName).after(last),
    (principal) => {
      const thingPrincipalType = typeOf(state, thingName, principal)
      if (only !== undefined && only !== thingPrincipalType) return undefined
      return { principal, thingPrincipalType }
    },
  )
}

function thingPage(
  state: RegistryState,
  operation: string,
  input: ListPrincipalThingsV2Request,
): Outcome<Page<{ thingName: string; thingPrincipalType: ThingPrincipalType }>> {
  const { principal = '', thingPrincipalType: only } = input
  const found = presentPrincipal(
    state,
    principal,
    `Can't list things for the principal ${principal}`,
  )
  if (!found.ok) return found
  const scope = JSON.stringify([operation, principal, only])
  return page(
    { scope, token: input.nextToken, size: input.maxResults },
    (last) => state.principals.thingNames(principal).after(last),
    (thingName) => {
      const thingPrincipalType = typeOf(state, thingName, principal)
      if (only !== undefined && only !== thingPrincipalType) return undefined
      return { thingName, thingPrincipalType }
    },
  )
}

function typeOf(state: RegistryState, thingName: string, principal: string): ThingPrincipalType {
  const exclusive = state.principals.attachments.get(attachmentKey(thingName, principal))
  return exclusive === true ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING'
}
