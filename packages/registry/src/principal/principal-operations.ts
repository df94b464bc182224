/**
 * The principal family of operations, as members of the registry.
 */
import type {
  AttachThingPrincipalRequest,
  AttachThingPrincipalResponse,
  DetachThingPrincipalRequest,
  DetachThingPrincipalResponse,
  ListPrincipalThingsRequest,
  ListPrincipalThingsResponse,
  ListPrincipalThingsV2Request,
  ListPrincipalThingsV2Response,
  ListThingPrincipalsRequest,
  ListThingPrincipalsResponse,
  ListThingPrincipalsV2Request,
  ListThingPrincipalsV2Response,
} from '@aws-sdk/client-iot'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  listPrincipalThings,
  listPrincipalThingsV2,
  listThingPrincipals,
  listThingPrincipalsV2,
} from './list-principals.ts'
import { attachThingPrincipal, detachThingPrincipal } from './principals.ts'

/** Operations on principals of things (gateway G70). */
export interface PrincipalOperations {
  readonly attachThingPrincipal: Operation<
    AttachThingPrincipalRequest,
    AttachThingPrincipalResponse
  >
  readonly detachThingPrincipal: Operation<
    DetachThingPrincipalRequest,
    DetachThingPrincipalResponse
  >
  readonly listThingPrincipals: Operation<ListThingPrincipalsRequest, ListThingPrincipalsResponse>
  readonly listThingPrincipalsV2: Operation<
    ListThingPrincipalsV2Request,
    ListThingPrincipalsV2Response
  >
  readonly listPrincipalThings: Operation<ListPrincipalThingsRequest, ListPrincipalThingsResponse>
  readonly listPrincipalThingsV2: Operation<
    ListPrincipalThingsV2Request,
    ListPrincipalThingsV2Response
  >
}

/** Binds the family to a state. */
export function principalOperations(state: RegistryState): PrincipalOperations {
  return {
    attachThingPrincipal: (input) => attachThingPrincipal(state, input),
    detachThingPrincipal: (input) => detachThingPrincipal(state, input),
    listThingPrincipals: (input) => listThingPrincipals(state, input),
    listThingPrincipalsV2: (input) => listThingPrincipalsV2(state, input),
    listPrincipalThings: (input) => listPrincipalThings(state, input),
    listPrincipalThingsV2: (input) => listPrincipalThingsV2(state, input),
  }
}
