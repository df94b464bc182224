/**
 * The two steps of every change of membership, static or dynamic.
 */
import type { RegistryState } from '../state/registry-state.ts'
import { membershipKey } from './thing-group-state.ts'

/** Groups that hold one thing, dynamic ones included (gateway G76). */
export const GROUPS_OF_THING_MAX = 10

/** Ends a membership, static or dynamic, if it is there. */
export function leaveThingGroup(
  state: RegistryState,
  thingGroupName: string,
  thingName: string,
): void {
  const key = membershipKey(thingGroupName, thingName)
  const dynamic = state.thingGroups.memberships.get(key)
  if (dynamic === undefined) return
  state.thingGroups.memberships.delete(key)
  state.emit({ kind: 'thingGroupMembership', thingGroupName, thingName, added: false, dynamic })
}

/** Begins a membership, static or dynamic, that is not there. */
export function joinThingGroup(
  state: RegistryState,
  thingGroupName: string,
  thingName: string,
  dynamic: boolean,
): void {
  state.thingGroups.memberships.set(membershipKey(thingGroupName, thingName), dynamic)
  state.emit({ kind: 'thingGroupMembership', thingGroupName, thingName, added: true, dynamic })
}
