import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on principals of things (gateway G70). */
export function principalOperations(registry: Registry): OperationHandlers {
  return {
    AttachThingPrincipal: handle(registry.attachThingPrincipal),
    DetachThingPrincipal: handle(registry.detachThingPrincipal),
    ListThingPrincipals: handle(registry.listThingPrincipals),
    ListThingPrincipalsV2: handle(registry.listThingPrincipalsV2),
    ListPrincipalThings: handle(registry.listPrincipalThings),
    ListPrincipalThingsV2: handle(registry.listPrincipalThingsV2),
  }
}
