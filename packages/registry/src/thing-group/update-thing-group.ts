/**
 * UpdateThingGroup, and what changing a dynamic group shares with it (gateway G75).
 */
import type { UpdateThingGroupRequest, UpdateThingGroupResponse } from '@aws-sdk/client-iot'
import { accept, present, type Outcome } from '@muster/model'
import { notFound } from '../state/absent.ts'
import {
  ATTRIBUTES_MAX,
  changedAttributes,
  checkAttributes,
  checkVersion,
} from '../state/constraints.ts'
import type { ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { notForDynamicGroups } from './dynamic-refusal.ts'

/**
 * Changes a static group's description and attributes, and counts its version up.
 *
 * @returns ResourceNotFoundException, VersionConflictException, InvalidRequestException
 */
export function updateThingGroup(
  state: RegistryState,
  input: UpdateThingGroupRequest,
): Outcome<UpdateThingGroupResponse> {
  const { thingGroupName = '' } = input
  const before = state.thingGroups.byName.get(thingGroupName)
  if (before === undefined) return notFound(`Group ${thingGroupName} does not exist`)
  if (before.dynamic !== undefined) return notForDynamicGroups(state, thingGroupName)
  const changed = changedThingGroup(before, input)
  if (!changed.ok) return changed
  state.thingGroups.byName.set(thingGroupName, changed.value)
  state.emit({ kind: 'thingGroup', thingGroupName, before, after: changed.value })
  return accept({ version: changed.value.version })
}

/** The group after its version is checked and its properties are changed. */
export function changedThingGroup(
  before: ThingGroupRecord,
  input: UpdateThingGroupRequest,
): Outcome<ThingGroupRecord> {
  const what = `group ${before.thingGroupName}`
  const conflict = checkVersion(what, input.expectedVersion, before.version)
  if (conflict !== undefined) return conflict
  const properties = input.thingGroupProperties
  const attributes = changedAttributes(before.attributes, properties?.attributePayload)
  const bad = checkAttributes(attributes, ATTRIBUTES_MAX)
  if (bad !== undefined) return bad
  const description = properties?.thingGroupDescription ?? before.description
  return accept({
    ...before,
    ...present({ description }),
    attributes,
    version: before.version + 1,
  })
}
