/**
 * DeleteThingGroup, and what deleting a dynamic group shares with it (gateway G75).
 */
import type { DeleteThingGroupRequest, DeleteThingGroupResponse } from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, type Outcome } from '@muster/model'
import { refreshDynamicGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import { detachAllPolicies } from '../policy/policy-attachment.ts'
import { checkVersion } from '../state/constraints.ts'
import type { ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { notForDynamicGroups } from './dynamic-refusal.ts'
import { leaveThingGroup } from './join-thing-group.ts'

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
  if (group.dynamic !== undefined) return notForDynamicGroups(state, thingGroupName)
  const conflict = checkVersion(`group ${thingGroupName}`, input.expectedVersion, group.version)
  if (conflict !== undefined) return conflict
  if (state.thingGroups.children.get(thingGroupName).size > 0) {
    return invalidRequest(
      `Cannot delete thing group ${thingGroupName} when there are still child groups`,
    )
  }
  eraseThingGroup(state, group)
  return accept({})
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
