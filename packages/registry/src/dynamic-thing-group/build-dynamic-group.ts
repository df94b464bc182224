/**
 * Finding a dynamic group's members in the fleet, for a new group, another query or another index
 * (gateway G78): in slices, so that no request waits for all of a large fleet. Things that change
 * meanwhile are judged by themselves, as always.
 */
import { eraseBillingGroupStep } from '../billing-group/billing-groups.ts'
import { planQuery } from '../query/plan-query.ts'
import { indexedThing } from '../query/thing-fields.ts'
import type { DynamicGroupBuildRecord, ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import { eraseGroupStep } from '../thing-group/erase-thing-group.ts'
import { compiledQuery, isIndexing, joinIfRoom, leaveDynamicGroup } from './dynamic-membership.ts'

/** Told of judgements of one thing by one query as they are made; says whether to go on. */
export type GoesOn = (judgements: number) => boolean

/** What a request waits for: the whole of a small fleet. */
const JUDGEMENTS_OF_REQUEST = 1000
/** Of those, in one step: a few milliseconds, with all that hangs on a membership. */
const JUDGEMENTS_PER_STEP = 50
/** Keys that one walk collects before it judges what is behind them. */
const KEYS_AT_ONCE = 100

/**
 * Begins to fill a group; much of it is done when this returns, and all of a small fleet.
 *
 * @param status - what the group is called while more slices wait
 */
export function* beginBuild(
  state: RegistryState,
  { thingGroupName }: ThingGroupRecord,
  status: DynamicGroupBuildRecord['status'],
): Sliced<void> {
  const { builds } = state.thingGroups
  // A group whose first build never ended is still not built.
  const held = builds.get(thingGroupName)?.status
  builds.set(thingGroupName, { status: held ?? status, phase: 'members' })
  yield* judgeSome((goesOn) => buildGroup(state, thingGroupName, goesOn))
  if (builds.has(thingGroupName)) state.ports.buildsWait?.()
}

/** Begins to judge all things against every dynamic group again: for another index. */
export function* rebuildAllDynamicGroups(state: RegistryState): Sliced<void> {
  if (!isIndexing(state)) return
  const { builds } = state.thingGroups
  for (const { thingGroupName } of state.thingGroups.dynamicRecords()) {
    const status = builds.get(thingGroupName)?.status ?? 'REBUILDING'
    builds.set(thingGroupName, { status, phase: 'members' })
  }
  yield* judgeSome((goesOn) => void buildDynamicGroups(state, goesOn))
  if (builds.size > 0) state.ports.buildsWait?.()
}

/** As much as a request waits for, in steps. */
function* judgeSome(judge: (goesOn: GoesOn) => void): Sliced<void> {
  for (let left = JUDGEMENTS_OF_REQUEST; left > 0; left -= JUDGEMENTS_PER_STEP) {
    judge(atMost(JUDGEMENTS_PER_STEP))
    yield
  }
}

/**
 * Judges all things against the groups that ask for connectivity, at once, and takes up again what
 * an earlier run left half built or half erased: for a start, when connections are gone.
 */
export function resumeDynamicGroups(state: RegistryState): void {
  const { builds, erasures } = state.thingGroups
  const erased = erasures.size + state.billingGroups.erasures.size
  for (const group of state.thingGroups.dynamicRecords()) {
    if (!isIndexing(state) || !compiledQuery(state, group).connectivity) continue
    build(state, group, { status: 'REBUILDING', phase: 'members' }, toTheEnd)
  }
  if ((isIndexing(state) && builds.size > 0) || erased > 0) state.ports.buildsWait?.()
}

/** Ends a group's build at once: for who needs all members now, as a snapshot job does (jobs J75). */
export function completeDynamicGroup(state: RegistryState, thingGroupName: string): void {
  buildGroup(state, thingGroupName, toTheEnd)
}

/**
 * Does some of what waits, groups to be erased first; at least one step.
 *
 * @returns whether more waits
 */
export function buildDynamicGroups(
  state: RegistryState,
  goesOn: GoesOn = atMost(JUDGEMENTS_OF_REQUEST),
): boolean {
  const { builds, erasures } = state.thingGroups
  for (const thingGroupName of Array.from(erasures.keys())) {
    while (eraseGroupStep(state, thingGroupName)) if (!goesOn(1)) return true
  }
  for (const billingGroupName of Array.from(state.billingGroups.erasures.keys())) {
    while (eraseBillingGroupStep(state, billingGroupName)) if (!goesOn(1)) return true
  }
  if (!isIndexing(state)) return false
  for (const thingGroupName of Array.from(builds.keys())) {
    buildGroup(state, thingGroupName, goesOn)
    if (!goesOn(0)) break
  }
  return builds.size > 0
}

function toTheEnd(): boolean {
  return true
}

function atMost(judgementsMax: number): GoesOn {
  let left = judgementsMax
  return (judgements) => (left -= judgements) > 0
}

/** Goes on with a group's build, if it has one and is to stay. */
function buildGroup(state: RegistryState, thingGroupName: string, goesOn: GoesOn): void {
  const { builds, byName, erasures } = state.thingGroups
  const group = byName.get(thingGroupName)
  const record = builds.get(thingGroupName)
  if (group === undefined || record === undefined || !isIndexing(state)) return
  if (erasures.has(thingGroupName)) return
  build(state, group, record, goesOn)
}

/** Goes on with a build and keeps how far it came. */
function build(
  state: RegistryState,
  group: ThingGroupRecord,
  record: DynamicGroupBuildRecord,
  goesOn: GoesOn,
): void {
  let at: DynamicGroupBuildRecord | undefined = record
  let isGoing = true
  while (at !== undefined && isGoing) {
    const sweep = at.phase === 'members' ? memberSweep(state, group) : fleetSweep(state, group)
    const swept = sweepSome(sweep, at.after, goesOn)
    isGoing = swept.isGoing
    if (swept.last !== undefined) at = { ...at, after: swept.last }
    else at = at.phase === 'members' ? { status: at.status, phase: 'fleet' } : undefined
  }
  const { builds } = state.thingGroups
  if (at === undefined) builds.delete(group.thingGroupName)
  else builds.set(group.thingGroupName, at)
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
  goesOn: GoesOn,
): { readonly isGoing: boolean; readonly last: string | undefined } {
  // Joining and leaving change what is walked, so the walk ends first.
  const keys: string[] = []
  for (const key of keysAfter(after)) {
    keys.push(key)
    if (keys.length >= KEYS_AT_ONCE) break
  }
  for (const key of keys) {
    if (!goesOn(judge(key))) return { isGoing: false, last: key }
  }
  return { isGoing: true, last: keys.length < KEYS_AT_ONCE ? undefined : keys.at(-1) }
}
