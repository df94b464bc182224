/**
 * Things in static groups (gateway G76).
 */
import type {
  AddThingToThingGroupRequest,
  AddThingToThingGroupResponse,
  RemoveThingFromThingGroupRequest,
  RemoveThingFromThingGroupResponse,
  UpdateThingGroupsForThingRequest,
  UpdateThingGroupsForThingResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome, type Refused } from '@muster/model'
import { refreshDynamicGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import { noSuchGroup, noThing } from '../state/absent.ts'
import { nameMeant } from '../state/name-meant.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { notForDynamicGroups } from './dynamic-refusal.ts'
import { GROUPS_OF_THING_MAX, joinThingGroup, leaveThingGroup } from './join-thing-group.ts'
import { membershipKey } from './thing-group-state.ts'

/**
 * Adds a thing to a static group; a member stays one.
 *
 * @returns ResourceNotFoundException for an absent thing or group; InvalidRequestException for a
 *   dynamic group, a second group of the same tree, or an eleventh group
 */
export function addThingToThingGroup(
  state: RegistryState,
  input: AddThingToThingGroupRequest,
): Outcome<AddThingToThingGroupResponse> {
  const meant = namesMeant(state, input)
  if (!meant.ok) return meant
  const { thingGroupName, thingName } = meant.value
  const override = input.overrideDynamicGroups === true
  const refused = joinStaticGroup(state, thingGroupName, thingName, override)
  if (refused !== undefined) return refused
  refreshDynamicGroups(state, thingName)
  return accept({})
}

/**
 * Takes a thing out of a static group; one that is no member stays out, of an absent group too.
 *
 * @returns ResourceNotFoundException for an absent thing; InvalidRequestException for a dynamic
 *   group
 */
export function removeThingFromThingGroup(
  state: RegistryState,
  input: RemoveThingFromThingGroupRequest,
): Outcome<RemoveThingFromThingGroupResponse> {
  const meant = namesMeant(state, input)
  if (!meant.ok) return meant
  const { thingGroupName, thingName } = meant.value
  const refused = leaveStaticGroup(state, thingGroupName, thingName)
  if (refused !== undefined) return refused
  refreshDynamicGroups(state, thingName)
  return accept({})
}

/** Removes, then adds: all of it or nothing. Refusals as for one removal or addition. */
export function updateThingGroupsForThing(
  state: RegistryState,
  input: UpdateThingGroupsForThingRequest,
): Outcome<UpdateThingGroupsForThingResponse> {
  const { thingName, thingGroupsToAdd = [], thingGroupsToRemove = [] } = input
  if (thingName === undefined) return invalidRequest('thingName must be given')
  const override = input.overrideDynamicGroups === true
  return state.transaction.run(() => {
    for (const thingGroupName of thingGroupsToRemove) {
      const refused = leaveStaticGroup(state, thingGroupName, thingName)
      if (refused !== undefined) return refused
    }
    for (const thingGroupName of thingGroupsToAdd) {
      const refused = joinStaticGroup(state, thingGroupName, thingName, override)
      if (refused !== undefined) return refused
    }
    if (!state.things.byName.has(thingName)) return noThing(thingName)
    refreshDynamicGroups(state, thingName)
    return accept({})
  })
}

function joinStaticGroup(
  state: RegistryState,
  thingGroupName: string,
  thingName: string,
  overrideDynamicGroups: boolean,
): Refused | undefined {
  const refused = checkStaticGroup(state, thingGroupName, thingName)
  if (refused !== undefined) return refused
  const groups = state.thingGroups
  if (groups.memberships.has(membershipKey(thingGroupName, thingName))) return undefined
  const root = groups.root(thingGroupName)
  const sibling = groups.staticGroups(thingName).find((name) => groups.root(name) === root)
  if (sibling !== undefined) {
    return invalidRequest(
      `Thing ${thingName} is already in thing group ${sibling}, ` +
        `which is in the same hierarchy as ${thingGroupName}`,
    )
  }
  const dynamic = groups.dynamicGroups(thingName)
  if (groups.staticGroups(thingName).length + dynamic.length >= GROUPS_OF_THING_MAX) {
    const last = overrideDynamicGroups ? dynamic.at(-1) : undefined
    if (last === undefined) {
      return invalidRequest(`Thing ${thingName} is already in ${GROUPS_OF_THING_MAX} thing groups`)
    }
    leaveThingGroup(state, last, thingName)
  }
  joinThingGroup(state, thingGroupName, thingName, false)
  return undefined
}

/** A group that is not there holds no thing: that is no refusal. */
function leaveStaticGroup(
  state: RegistryState,
  thingGroupName: string,
  thingName: string,
): Refused | undefined {
  if (!state.things.byName.has(thingName)) return noThing(thingName)
  const group = state.thingGroups.byName.get(thingGroupName)
  if (group?.dynamic !== undefined) return notForDynamicGroups(state, thingGroupName)
  leaveThingGroup(state, thingGroupName, thingName)
  return undefined
}

function checkStaticGroup(
  state: RegistryState,
  thingGroupName: string,
  thingName: string,
): Refused | undefined {
  const group = state.thingGroups.byName.get(thingGroupName)
  if (group === undefined) return noSuchGroup(state.ports.account, thingGroupName)
  if (!state.things.byName.has(thingName)) return noThing(thingName)
  return group.dynamic === undefined ? undefined : notForDynamicGroups(state, thingGroupName)
}

function namesMeant(
  state: RegistryState,
  input: AddThingToThingGroupRequest,
): Outcome<{ thingGroupName: string; thingName: string }> {
  const { account } = state.ports
  const group = nameMeant(account, 'thingGroup', input.thingGroupName, input.thingGroupArn)
  if (!group.ok) return group
  const thing = nameMeant(account, 'thing', input.thingName, input.thingArn)
  if (!thing.ok) return thing
  return accept({ thingGroupName: group.value, thingName: thing.value })
}
