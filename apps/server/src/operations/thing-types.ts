import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on thing types (gateway G74). */
export function thingTypeOperations(registry: Registry): OperationHandlers {
  return {
    CreateThingType: handle(registry.createThingType),
    UpdateThingType: handle(registry.updateThingType),
    DeprecateThingType: handle(registry.deprecateThingType),
    DeleteThingType: handle(registry.deleteThingType),
    DescribeThingType: handle(registry.describeThingType),
    ListThingTypes: handle(registry.listThingTypes),
  }
}
