import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on static thing groups and their members (gateway G75 to G77). */
export function thingGroupOperations(registry: Registry): OperationHandlers {
  return {
    CreateThingGroup: handle(registry.createThingGroup),
    UpdateThingGroup: handle(registry.updateThingGroup),
    DeleteThingGroup: handle(registry.deleteThingGroup),
    DescribeThingGroup: handle(registry.describeThingGroup),
    ListThingGroups: handle(registry.listThingGroups),
    ListThingsInThingGroup: handle(registry.listThingsInThingGroup),
    ListThingGroupsForThing: handle(registry.listThingGroupsForThing),
    AddThingToThingGroup: handle(registry.addThingToThingGroup),
    RemoveThingFromThingGroup: handle(registry.removeThingFromThingGroup),
    UpdateThingGroupsForThing: handle(registry.updateThingGroupsForThing),
  }
}
