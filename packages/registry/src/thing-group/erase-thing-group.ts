/**
 * Erasing a group, static or dynamic, member by member: a large one does not keep others waiting. One
 * that has been begun is gone on with after a restart (see `build-dynamic-group.ts`).
 */
import { iotArn } from '@muster/model'
import { refreshDynamicGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import { detachAllPolicies } from '../policy/policy-attachment.ts'
import type { ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import { leaveThingGroup } from './join-thing-group.ts'

/** Removes a group with everything that hangs on it. Once begun, it gets no children any more. */
export function* eraseThingGroup(state: RegistryState, group: ThingGroupRecord): Sliced<void> {
  const { thingGroupName, thingGroupId } = group
  state.thingGroups.erasures.set(thingGroupName, true)
  state.thingGroups.builds.delete(thingGroupName)
  // Another request may erase it meanwhile, and a third make a new group of that name.
  while (
    state.thingGroups.byName.get(thingGroupName)?.thingGroupId === thingGroupId &&
    eraseGroupStep(state, thingGroupName)
  ) {
    yield
  }
}

/**
 * Takes one member out of a group that is being erased; when none is left, removes the group.
 *
 * @returns whether more is to do
 */
export function eraseGroupStep(state: RegistryState, thingGroupName: string): boolean {
  const { builds, byName, erasures, members } = state.thingGroups
  const group = byName.get(thingGroupName)
  const [thingName] = members.get(thingGroupName)
  if (thingName !== undefined) {
    leaveThingGroup(state, thingGroupName, thingName)
    refreshDynamicGroups(state, thingName)
    return true
  }
  erasures.delete(thingGroupName)
  if (group === undefined) return false
  const arn = iotArn(state.ports.account, 'thinggroup', thingGroupName)
  detachAllPolicies(state, arn)
  state.tags.byArn.delete(arn)
  builds.delete(thingGroupName)
  byName.delete(thingGroupName)
  state.emit({ kind: 'thingGroup', thingGroupName, before: group })
  return false
}
