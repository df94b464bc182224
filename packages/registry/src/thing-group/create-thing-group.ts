/**
 * CreateThingGroup, UpdateThingGroup, DeleteThingGroup (gateway G75).
 */
import type {
  CreateThingGroupRequest,
  CreateThingGroupResponse,
  DeleteThingGroupRequest,
  DeleteThingGroupResponse,
  UpdateThingGroupRequest,
  UpdateThingGroupResponse,
} from '@aws-sdk/client-iot'
import { accept, iotArn, refuse, type Outcome } from '@muster/model'
import { refreshDynamicGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import { detachAllPolicies } from '../policy/policy-attachment.ts'
import {
  ATTRIBUTES_MAX,
  changedAttributes,
  checkAttributes,
  checkName,
  checkVersion,
  invalid,
  notFound,
  sameAttributes,
  type Refused,
} from '../state/constraints.ts'
import type { ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { checkNewTags, putTags } from '../tag/tags.ts'
import { leaveThingGroup } from './join-thing-group.ts'

/** Groups from a root to its deepest descendant, and direct children of one group (G75). */
const DEPTH_MAX = 7
const CHILDREN_MAX = 100

/**
 * Creates a static group; the same group again answers as the first time.
 *
 * @returns ResourceAlreadyExistsException for other properties under the name,
 *   ResourceNotFoundException for an absent parent, InvalidRequestException for a dynamic parent,
 *   an eighth level, a 101st child, bad names, attributes or tags
 */
export function createThingGroup(
  state: RegistryState,
  input: CreateThingGroupRequest,
  nowMs: number,
): Outcome<CreateThingGroupResponse> {
  const { thingGroupName, parentGroupName, thingGroupProperties } = input
  const refused = checkName('thingGroupName', thingGroupName)
  if (refused !== undefined || thingGroupName === undefined) return refused as Refused
  const thingGroupArn = iotArn(state.ports.account, 'thinggroup', thingGroupName)
  const attributes = changedAttributes({}, thingGroupProperties?.attributePayload)
  const description = thingGroupProperties?.thingGroupDescription
  const existing = state.thingGroups.byName.get(thingGroupName)
  if (existing !== undefined) {
    const same =
      existing.dynamic === undefined &&
      existing.parentGroupName === parentGroupName &&
      existing.description === description &&
      sameAttributes(existing.attributes, attributes)
    if (same) return accept({ thingGroupName, thingGroupArn, thingGroupId: existing.thingGroupId })
    return thingGroupExists(existing, thingGroupArn)
  }
  const bad =
    checkAttributes(attributes, ATTRIBUTES_MAX) ??
    checkParent(state, parentGroupName) ??
    checkNewTags(input.tags)
  if (bad !== undefined) return bad
  const group: ThingGroupRecord = {
    thingGroupName,
    thingGroupId: state.ports.newId(),
    ...(parentGroupName === undefined ? {} : { parentGroupName }),
    ...(description === undefined ? {} : { description }),
    attributes,
    version: 1,
    createdAtMs: nowMs,
  }
  state.thingGroups.byName.set(thingGroupName, group)
  putTags(state, thingGroupArn, input.tags)
  state.emit({ kind: 'thingGroup', thingGroupName, after: group })
  return accept({ thingGroupName, thingGroupArn, thingGroupId: group.thingGroupId })
}

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
  if (before === undefined) return notFound('Thing group', thingGroupName)
  if (before.dynamic !== undefined) return invalid(`${thingGroupName} is a dynamic thing group`)
  const changed = changedThingGroup(before, input)
  if (!changed.ok) return changed
  state.thingGroups.byName.set(thingGroupName, changed.value)
  state.emit({ kind: 'thingGroup', thingGroupName, before, after: changed.value })
  return accept({ version: changed.value.version })
}

/**
 * Deletes a static group, its memberships and policy attachments; an absent one is deleted
 * already.
 *
 * @returns InvalidRequestException while it has children, VersionConflictException
 */
export function deleteThingGroup(
  state: RegistryState,
  input: DeleteThingGroupRequest,
): Outcome<DeleteThingGroupResponse> {
  const { thingGroupName = '' } = input
  const group = state.thingGroups.byName.get(thingGroupName)
  if (group === undefined) return accept({})
  if (group.dynamic !== undefined) return invalid(`${thingGroupName} is a dynamic thing group`)
  const conflict = checkVersion(`group ${thingGroupName}`, input.expectedVersion, group.version)
  if (conflict !== undefined) return conflict
  if (state.thingGroups.children.get(thingGroupName).size > 0) {
    return invalid(`Cannot delete thing group ${thingGroupName} when there are still child groups`)
  }
  eraseThingGroup(state, group)
  return accept({})
}

/** ResourceAlreadyExistsException of a group with other properties. */
export function thingGroupExists(existing: ThingGroupRecord, thingGroupArn: string): Refused {
  return refuse(
    'ResourceAlreadyExistsException',
    `Thing Group ${existing.thingGroupName} already exists with different properties`,
    { resourceId: existing.thingGroupId, resourceArn: thingGroupArn },
  )
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
    ...(description === undefined ? {} : { description }),
    attributes,
    version: before.version + 1,
  })
}

/** Removes a group with everything that hangs on it. */
export function eraseThingGroup(state: RegistryState, group: ThingGroupRecord): void {
  const { thingGroupName } = group
  const arn = iotArn(state.ports.account, 'thinggroup', thingGroupName)
  const members = Array.from(state.thingGroups.members.get(thingGroupName))
  for (const thingName of members) leaveThingGroup(state, thingGroupName, thingName)
  detachAllPolicies(state, arn)
  state.tags.byArn.delete(arn)
  state.thingGroups.builds.delete(thingGroupName)
  state.thingGroups.byName.delete(thingGroupName)
  state.emit({ kind: 'thingGroup', thingGroupName, before: group })
  for (const thingName of members) refreshDynamicGroups(state, thingName)
}

function checkParent(state: RegistryState, parentGroupName?: string): Refused | undefined {
  if (parentGroupName === undefined) return undefined
  const groups = state.thingGroups
  const parent = groups.byName.get(parentGroupName)
  if (parent === undefined) return notFound('Thing group', parentGroupName)
  if (parent.dynamic !== undefined) return invalid('a dynamic thing group can have no children')
  if (groups.ancestors(parentGroupName).length + 2 > DEPTH_MAX) {
    return invalid(`thing groups are at most ${DEPTH_MAX} levels deep`)
  }
  if (groups.children.get(parentGroupName).size >= CHILDREN_MAX) {
    return invalid(`thing group ${parentGroupName} already has ${CHILDREN_MAX} child groups`)
  }
  return undefined
}
