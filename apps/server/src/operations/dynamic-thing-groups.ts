import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on dynamic thing groups (gateway G78). */
export function dynamicThingGroupOperations(registry: Registry): OperationHandlers {
  return {
    CreateDynamicThingGroup: handle(registry.createDynamicThingGroup),
    UpdateDynamicThingGroup: handle(registry.updateDynamicThingGroup),
    DeleteDynamicThingGroup: handle(registry.deleteDynamicThingGroup),
  }
}
