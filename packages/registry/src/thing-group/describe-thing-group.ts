/**
 * DescribeThingGroup, ListThingGroups and the listings of members (gateway G75, G77).
 */
import type {
  DescribeThingGroupRequest,
  DescribeThingGroupResponse,
  GroupNameAndArn,
  ListThingGroupsForThingRequest,
  ListThingGroupsForThingResponse,
  ListThingGroupsRequest,
  ListThingGroupsResponse,
  ListThingsInThingGroupRequest,
  ListThingsInThingGroupResponse,
} from '@aws-sdk/client-iot'
import { accept, iotArn, present, type Outcome } from '@muster/model'
import { mergedAfter } from '../paging/merged-names.ts'
import { nextToken, page, pageInSteps } from '../paging/page.ts'
import type { SortedNames } from '../paging/sorted-names.ts'
import { noSuchGroup, notFound, notHeld } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'

/** @returns ResourceNotFoundException for an absent group */
export function describeThingGroup(
  state: RegistryState,
  input: DescribeThingGroupRequest,
): Outcome<DescribeThingGroupResponse> {
  const { thingGroupName = '' } = input
  const group = state.thingGroups.byName.get(thingGroupName)
  if (group === undefined) return notHeld(state.ports.account, 'ThingGroup', thingGroupName)
  const ancestors = state.thingGroups.ancestors(thingGroupName).reverse()
  const status = state.thingGroups.builds.get(thingGroupName)?.status ?? 'ACTIVE'
  return accept({
    thingGroupName,
    thingGroupId: group.thingGroupId,
    thingGroupArn: iotArn(state.ports.account, 'thinggroup', thingGroupName),
    version: group.version,
    thingGroupProperties: {
      ...present({ thingGroupDescription: group.description }),
      attributePayload: { attributes: { ...group.attributes } },
    },
    thingGroupMetadata: {
      ...present({ parentGroupName: group.parentGroupName }),
      rootToParentThingGroups: ancestors.map((name) => nameAndArn(state, name)),
      creationDate: new Date(group.createdAtMs),
    },
    ...(group.dynamic === undefined ? {} : { ...group.dynamic, status }),
  })
}

/**
 * Groups by name: all, or only roots with `recursive` false; of a `parentGroup` its children, or
 * all groups below it with `recursive` true. `namePrefixFilter` narrows any of these.
 *
 * @returns ResourceNotFoundException for an absent parent, InvalidRequestException for a bad token
 */
export function* listThingGroups(
  state: RegistryState,
  input: ListThingGroupsRequest,
): Sliced<Outcome<ListThingGroupsResponse>> {
  const { parentGroup, namePrefixFilter = '' } = input
  const recursive = input.recursive ?? parentGroup === undefined
  const groups = state.thingGroups
  if (parentGroup !== undefined && !groups.byName.has(parentGroup)) {
    return notHeld(state.ports.account, 'ThingGroup', parentGroup)
  }
  const direct = parentGroup !== undefined && !recursive
  const names = (): SortedNames => (direct ? groups.children.get(parentGroup) : groups.names)
  const scope = JSON.stringify(['ListThingGroups', parentGroup, namePrefixFilter, recursive])
  const outcome = yield* pageInSteps(
    { scope, token: input.nextToken, size: input.maxResults },
    (last) => names().withPrefix(namePrefixFilter, last),
    (name) => {
      if (!direct) {
        const parent = groups.byName.get(name)?.parentGroupName
        if (!recursive && parent !== undefined) return undefined
        if (parentGroup !== undefined && !groups.ancestors(name).includes(parentGroup)) {
          return undefined
        }
      }
      return nameAndArn(state, name)
    },
  )
  if (!outcome.ok) return outcome
  return accept({ thingGroups: outcome.value.items, ...nextToken(outcome.value) })
}

/**
 * Members of a group, by name; with `recursive` those of all groups below it too.
 *
 * @returns ResourceNotFoundException for an absent group, InvalidRequestException for a bad token
 */
export function listThingsInThingGroup(
  state: RegistryState,
  input: ListThingsInThingGroupRequest,
): Outcome<ListThingsInThingGroupResponse> {
  const { thingGroupName = '', recursive = false } = input
  const groups = state.thingGroups
  if (!groups.byName.has(thingGroupName)) {
    return noSuchGroup(state.ports.account, thingGroupName)
  }
  const holders = recursive ? [...groups.withDescendants(thingGroupName)] : [thingGroupName]
  const outcome = page(
    {
      scope: JSON.stringify(['ListThingsInThingGroup', thingGroupName, recursive]),
      token: input.nextToken,
      size: input.maxResults,
    },
    (last) =>
      mergedAfter(
        holders.map((name) => groups.members.get(name)),
        last,
      ),
    (thingName) => thingName,
  )
  if (!outcome.ok) return outcome
  return accept({ things: outcome.value.items, ...nextToken(outcome.value) })
}

/**
 * Groups that hold the thing itself, static and dynamic, by name.
 *
 * @returns ResourceNotFoundException for an absent thing, InvalidRequestException for a bad token
 */
export function listThingGroupsForThing(
  state: RegistryState,
  input: ListThingGroupsForThingRequest,
): Outcome<ListThingGroupsForThingResponse> {
  const { thingName = '' } = input
  if (!state.things.byName.has(thingName)) return notFound('thing does not exist')
  const groups = state.thingGroups
  const names = [...groups.staticGroups(thingName), ...groups.dynamicGroups(thingName)].sort()
  const outcome = page(
    {
      scope: JSON.stringify(['ListThingGroupsForThing', thingName]),
      token: input.nextToken,
      size: input.maxResults,
    },
    (last) => (last === undefined ? names : names.filter((name) => name > last)),
    (name) => nameAndArn(state, name),
  )
  if (!outcome.ok) return outcome
  return accept({ thingGroups: outcome.value.items, ...nextToken(outcome.value) })
}

function nameAndArn(state: RegistryState, groupName: string): GroupNameAndArn {
  return { groupName, groupArn: iotArn(state.ports.account, 'thinggroup', groupName) }
}
