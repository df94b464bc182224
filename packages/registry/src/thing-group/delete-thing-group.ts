/**
 * DeleteThingGroup (gateway G75).
 */
import type { DeleteThingGroupRequest, DeleteThingGroupResponse } from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'
import { checkVersion } from '../state/constraints.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import { notForDynamicGroups } from './dynamic-refusal.ts'
import { eraseThingGroup } from './erase-thing-group.ts'

/**
 * Deletes a static group, its memberships and policy attachments; an absent one is deleted
 * already.
 *
 * @returns InvalidRequestException while it has children, VersionConflictException
 */
export function* deleteThingGroup(
  state: RegistryState,
  input: DeleteThingGroupRequest,
): Sliced<Outcome<DeleteThingGroupResponse>> {
  const { thingGroupName = '' } = input
  const group = state.thingGroups.byName.get(thingGroupName)
  if (group === undefined) return accept({})
  if (group.dynamic !== undefined) return notForDynamicGroups(state, thingGroupName)
  const conflict = checkVersion(`group ${thingGroupName}`, input.expectedVersion, group.version)
  if (conflict !== undefined) return conflict
  if (state.thingGroups.children.get(thingGroupName).size > 0) {
    return invalidRequest(
      `Cannot delete thing group : ${thingGroupName} when there are still child groups attached to it`,
    )
  }
  yield* eraseThingGroup(state, group)
  return accept({})
}
