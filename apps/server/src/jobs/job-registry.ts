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
    ancestorsOfGroup: (thingGroupName) => ancestors(registry, thingGroupName),
    groupId: (thingGroupName) => registry.thingGroup(thingGroupName)?.thingGroupId,
    groupNameOfId: (thingGroupId) => groupNameOfId(registry, thingGroupId),
    addTags: (resourceArn, tags) => registry.setTags(resourceArn, tags),
    dropTags: (resourceArn) => registry.forgetTags(resourceArn),
  }
}

function* ancestors(registry: Registry, thingGroupName: string): Generator<string> {
  let parent = registry.thingGroup(thingGroupName)?.parentGroupName
  while (parent !== undefined) {
    yield parent
    parent = registry.thingGroup(parent)?.parentGroupName
  }
}

/** Ids are only asked for by ListJobs with `thingGroupId`: the list is walked. */
function groupNameOfId(registry: Registry, thingGroupId: string): string | undefined {
  let nextToken: string | undefined
  do {
    const page = registry.listThingGroups(
      { maxResults: 250, ...(nextToken !== undefined && { nextToken }) },
      0,
    )
    if (!page.ok) return undefined
    for (const { groupName = '' } of page.value.thingGroups ?? []) {
      if (registry.thingGroup(groupName)?.thingGroupId === thingGroupId) return groupName
    }
    nextToken = page.value.nextToken
  } while (nextToken !== undefined)
  return undefined
}
