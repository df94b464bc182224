/**
 * UpdateThing and DeleteThing (gateway G69, G72).
 */
import type {
  DeleteThingRequest,
  DeleteThingResponse,
  UpdateThingRequest,
  UpdateThingResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, present, type Outcome } from '@muster/model'
import { refreshDynamicGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import { noThing } from '../state/absent.ts'
import {
  ATTRIBUTES_MAX,
  changedAttributes,
  checkAttributes,
  checkVersion,
  UNTYPED_ATTRIBUTES_MAX,
} from '../state/constraints.ts'
import type { ThingRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { leaveThingGroup } from '../thing-group/join-thing-group.ts'
import { checkNewType } from './create-thing.ts'

/**
 * Changes a thing's attributes and type, and counts its version up.
 *
 * @returns ResourceNotFoundException, VersionConflictException, InvalidRequestException
 */
export function updateThing(
  state: RegistryState,
  input: UpdateThingRequest,
): Outcome<UpdateThingResponse> {
  const { thingName = '', thingTypeName, removeThingType = false } = input
  const before = state.things.byName.get(thingName)
  if (before === undefined) return noThing(thingName)
  const conflict = checkVersion(`thing ${thingName}`, input.expectedVersion, before.version)
  if (conflict !== undefined) return conflict
  if (removeThingType && thingTypeName !== undefined) {
    return invalidRequest('thingTypeName and removeThingType must not be given together')
  }
  if (thingTypeName !== before.thingTypeName) {
    const bad = checkNewType(state, thingTypeName)
    if (bad !== undefined) return bad
  }
  const typeAfter = removeThingType ? undefined : (thingTypeName ?? before.thingTypeName)
  const attributes = changedAttributes(before.attributes, input.attributePayload)
  const bad = checkAttributes(
    attributes,
    typeAfter === undefined ? UNTYPED_ATTRIBUTES_MAX : ATTRIBUTES_MAX,
  )
  if (bad !== undefined) return bad
  const { thingTypeName: _left, ...kept } = before
  const after: ThingRecord = {
    ...kept,
    ...present({ thingTypeName: typeAfter }),
    attributes,
    version: before.version + 1,
  }
  state.things.byName.set(thingName, after)
  state.emit({ kind: 'thing', thingName, before, after })
  refreshDynamicGroups(state, thingName)
  return accept({})
}

/**
 * Deletes a thing and takes it out of its groups; an absent thing is deleted already (A8).
 *
 * @returns InvalidRequestException while principals are attached, VersionConflictException
 */
export function deleteThing(
  state: RegistryState,
  input: DeleteThingRequest,
): Outcome<DeleteThingResponse> {
  const { thingName = '' } = input
  const before = state.things.byName.get(thingName)
  if (before === undefined) return accept({})
  const conflict = checkVersion(`thing ${thingName}`, input.expectedVersion, before.version)
  if (conflict !== undefined) return conflict
  if (state.principals.principals(thingName).size > 0) {
    return invalidRequest(
      `Cannot delete. Thing ${thingName} is still attached to one or more principals`,
    )
  }
  const groups = [
    ...state.thingGroups.staticGroups(thingName),
    ...state.thingGroups.dynamicGroups(thingName),
  ]
  for (const thingGroupName of groups) leaveThingGroup(state, thingGroupName, thingName)
  state.things.byName.delete(thingName)
  state.emit({ kind: 'thing', thingName, before })
  return accept({})
}
