/**
 * Finding a dynamic group's members in the fleet, for a new group, another query or another index
 * (gateway G78): in slices, so that no request waits for all of a large fleet. Things that change
 * meanwhile are judged by themselves, as always.
 */
import { planQuery } from '../query/plan-query.ts'
import { indexedThing } from '../query/thing-fields.ts'
import type { DynamicGroupBuildRecord, ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { compiledQuery, isIndexing, joinIfRoom, leaveDynamicGroup } from './dynamic-membership.ts'

/** Judgements of one thing by one query in a slice: a few milliseconds. */
const JUDGEMENTS_PER_SLICE = 1000

/**
 * Begins to fill a group; the first slice is done when this returns, and with it a small fleet.
 *
 * @param status - what the group is called while more slices wait
 */
export function beginBuild(
  state: RegistryState,
  group: ThingGroupRecord,
  status: DynamicGroupBuildRecord['status'],
): void {
  const { builds } = state.thingGroups
  // A group whose first build never ended is still not built.
  const held = builds.get(group.thingGroupName)?.status
  build(state, group, { status: held ?? status, phase: 'members' }, JUDGEMENTS_PER_SLICE)
  if (builds.has(group.thingGroupName)) state.ports.buildsWait?.()
}

/** Begins to judge all things against every dynamic group again: for another index. */
export function rebuildAllDynamicGroups(state: RegistryState): void {
  if (!isIndexing(state)) return
  const { builds } = state.thingGroups
  for (const { thingGroupName } of state.thingGroups.dynamicRecords()) {
    const status = builds.get(thingGroupName)?.status ?? 'REBUILDING'
    builds.set(thingGroupName, { status, phase: 'members' })
  }
  if (buildDynamicGroups(state)) state.ports.buildsWait?.()
}

/**
 * Judges all things against the groups that ask for connectivity, at once, and takes up again what
 * an earlier run left half built: for a start, when connections are gone.
 */
export function resumeDynamicGroups(state: RegistryState): void {
  if (!isIndexing(state)) return
  for (const group of state.thingGroups.dynamicRecords()) {
    if (!compiledQuery(state, group).connectivity) continue
    build(state, group, { status: 'REBUILDING', phase: 'members' }, Infinity)
  }
  if (state.thingGroups.builds.size > 0) state.ports.buildsWait?.()
}

/** Ends a group's build at once: for who needs all members now, as a snapshot job does (jobs J75). */
export function completeDynamicGroup(state: RegistryState, thingGroupName: string): void {
  const group = state.thingGroups.byName.get(thingGroupName)
  const record = state.thingGroups.builds.get(thingGroupName)
  if (group === undefined || record === undefined || !isIndexing(state)) return
  build(state, group, record, Infinity)
}

/** Does one slice of what waits. @returns whether more waits */
export function buildDynamicGroups(state: RegistryState): boolean {
  if (!isIndexing(state)) return false
  const { builds, byName } = state.thingGroups
  let left = JUDGEMENTS_PER_SLICE
  for (const thingGroupName of Array.from(builds.keys())) {
    if (left <= 0) break
    const group = byName.get(thingGroupName)
    const record = builds.get(thingGroupName)
    if (group !== undefined && record !== undefined) left -= build(state, group, record, left)
  }
  return builds.size > 0
}

/**
 * Goes on with a build and keeps how far it came.
 *
 * @returns judgements made, at least one
 */
function build(
  state: RegistryState,
  group: ThingGroupRecord,
  record: DynamicGroupBuildRecord,
  judgementsMax: number,
): number {
  let judgements = 0
  let at: DynamicGroupBuildRecord | undefined = record
  while (at !== undefined && judgements < judgementsMax) {
    const sweep = at.phase === 'members' ? memberSweep(state, group) : fleetSweep(state, group)
    const swept = sweepSome(sweep, at.after, judgementsMax - judgements)
    judgements += swept.judgements
    if (swept.last !== undefined) at = { ...at, after: swept.last }
    else at = at.phase === 'members' ? { status: at.status, phase: 'fleet' } : undefined
  }
  const { builds } = state.thingGroups
  if (at === undefined) builds.delete(group.thingGroupName)
  else builds.set(group.thingGroupName, at)
  return Math.max(1, judgements)
}

/** Things to judge in an order that stays, from wherever the last slice ended. */
interface Sweep {
  keysAfter(last: string | undefined): Iterable<string>
  /** Judges the thing behind a key. @returns judgements made */
  judge(key: string): number
}

/** Takes out members that the query does not find. */
function memberSweep(state: RegistryState, group: ThingGroupRecord): Sweep {
  const { thingGroupName } = group
  const isMatch = matcherOf(state, group)
  return {
    keysAfter: (last) => state.thingGroups.members.get(thingGroupName).after(last),
    judge: (thingName) =>
      isMatch(thingName) ? 1 : 1 + leaveDynamicGroup(state, thingGroupName, thingName),
  }
}

/** Takes in what the query finds. */
function fleetSweep(state: RegistryState, group: ThingGroupRecord): Sweep {
  const isMatch = matcherOf(state, group)
  const plan = planQuery(state, compiledQuery(state, group).query)
  return {
    keysAfter: plan.keysAfter,
    judge: (key) => {
      const thingName = plan.thingNameOf(key)
      if (isMatch(thingName)) joinIfRoom(state, group.thingGroupName, thingName)
      return 1
    },
  }
}

function matcherOf(state: RegistryState, group: ThingGroupRecord): (thingName: string) => boolean {
  const { matches } = compiledQuery(state, group)
  return (thingName) => {
    const thing = state.things.byName.get(thingName)
    return thing !== undefined && matches(indexedThing(state, thing))
  }
}

/** @returns the last key judged; undefined when there are no more */
function sweepSome(
  { keysAfter, judge }: Sweep,
  after: string | undefined,
  judgementsMax: number,
): { readonly judgements: number; readonly last: string | undefined } {
  // Joining and leaving change what is walked, so the walk ends first.
  const keys: string[] = []
  for (const key of keysAfter(after)) {
    keys.push(key)
    if (keys.length >= judgementsMax) break
  }
  let judgements = 0
  for (const key of keys) {
    judgements += judge(key)
    if (judgements >= judgementsMax) return { judgements, last: key }
  }
  return { judgements, last: undefined }
}
