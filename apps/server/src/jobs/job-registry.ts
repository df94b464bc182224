/**
 * The registry as the Jobs rules ask for it.
 */
import type { JobRegistry } from '@muster/jobs'
import type { Registry } from '@muster/registry'

/** Binds the Jobs port to the registry. */
export function jobRegistry(registry: Registry): JobRegistry {
  return {
    thingExists: (thingName) => registry.thing(thingName) !== undefined,
    groupExists: (thingGroupName) => registry.thingGroup(thingGroupName) !== undefined,
    thingsInGroup: (thingGroupName) => {
      // A snapshot of a group half built would leave devices out for ever.
      registry.completeDynamicGroup(thingGroupName)
      return registry.thingsInGroup(thingGroupName)
    },
    groupsOfThing: (thingName) => registry.groupsOfThing(thingName),
    ancestorsOfGroup: (thingGroupName) => registry.ancestorsOfGroup(thingGroupName),
    groupId: (thingGroupName) => registry.thingGroup(thingGroupName)?.thingGroupId,
    groupNameOfId: (thingGroupId) => registry.thingGroupOfId(thingGroupId)?.thingGroupName,
    addTags: (resourceArn, tags) => registry.setTags(resourceArn, tags),
    dropTags: (resourceArn) => registry.forgetTags(resourceArn),
  }
}
