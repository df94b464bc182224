/**
 * Which dynamic groups hold a thing, kept in step with the thing (gateway G78): a thing that
 * changes is judged against the dynamic groups. The fleet is judged in `build-dynamic-group.ts`.
 */
import type { CompiledQuery } from '../query/compiled-query.ts'
import { compileQuery, fieldsNamed } from '../query/match-query.ts'
import { parseQuery } from '../query/parse-query.ts'
import { isShadowIndexed, shadowField } from '../query/shadow-fields.ts'
import { anyThingField } from '../query/thing-field-rule.ts'
import { indexedThing, THING_FIELDS } from '../query/thing-fields.ts'
import type { ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  GROUPS_OF_THING_MAX,
  joinThingGroup,
  leaveThingGroup,
} from '../thing-group/join-thing-group.ts'
import { membershipKey } from '../thing-group/thing-group-state.ts'

/** Judges the thing against every dynamic group again. */
export function refreshDynamicGroups(state: RegistryState, thingName: string): void {
  refresh(state, thingName, () => true)
}

/** As {@link refreshDynamicGroups}, for groups that ask for connectivity alone. */
export function refreshConnectivityGroups(state: RegistryState, thingName: string): void {
  if (state.settings.indexing?.thingConnectivityIndexingMode !== 'STATUS') return
  refresh(state, thingName, ({ connectivity }) => connectivity)
}

/** As {@link refreshDynamicGroups}, for groups that ask for this shadow alone (neighbours N52). */
export function refreshShadowGroups(
  state: RegistryState,
  thingName: string,
  shadowName: string,
): void {
  if (!isShadowIndexed(state.settings.indexing, shadowName)) return
  refresh(state, thingName, ({ shadowNames }) => shadowNames.has(shadowName))
}

/**
 * Ends the membership of a thing that the group's query no longer finds. One that was in as many
 * groups as can be may have been kept out of others, so those take it at once.
 *
 * @returns how many groups the thing was judged against
 */
export function leaveDynamicGroup(
  state: RegistryState,
  thingGroupName: string,
  thingName: string,
): number {
  const wasFull = groupCount(state, thingName) >= GROUPS_OF_THING_MAX
  leaveThingGroup(state, thingGroupName, thingName)
  if (!wasFull) return 0
  refreshDynamicGroups(state, thingName)
  return state.thingGroups.dynamicNames.size
}

/** Begins the membership of a thing that the group's query finds, unless it is in ten groups. */
export function joinIfRoom(state: RegistryState, thingGroupName: string, thingName: string): void {
  if (state.thingGroups.memberships.has(membershipKey(thingGroupName, thingName))) return
  if (groupCount(state, thingName) >= GROUPS_OF_THING_MAX) return
  joinThingGroup(state, thingGroupName, thingName, true)
}

/** Whether things are indexed; while they are not, members stay as they are. */
export function isIndexing(state: RegistryState): boolean {
  const mode = state.settings.indexing?.thingIndexingMode ?? 'OFF'
  return mode !== 'OFF'
}

/** The group's query, parsed once for each of its records. */
export function compiledQuery(state: RegistryState, group: ThingGroupRecord): CompiledQuery {
  let compiled = state.dynamicQueries.get(group)
  if (compiled === undefined) {
    const parsed = parseQuery(group.dynamic?.queryString ?? '', anyThingField)
    // INVARIANT: a query is parsed before its group is kept.
    if (!parsed.ok) throw new Error(parsed.error.message)
    const fields = fieldsNamed(parsed.value)
    compiled = {
      query: parsed.value,
      matches: compileQuery(parsed.value, THING_FIELDS),
      connectivity: fields.some((field) => field.startsWith('connectivity.')),
      shadowNames: new Set(fields.flatMap((field) => shadowField(field)?.shadowName ?? [])),
    }
    state.dynamicQueries.set(group, compiled)
  }
  return compiled
}

function refresh(
  state: RegistryState,
  thingName: string,
  concerns: (compiled: CompiledQuery) => boolean,
): void {
  const { thingGroups } = state
  if (thingGroups.dynamicNames.size === 0 || !isIndexing(state)) return
  const thing = state.things.byName.get(thingName)
  if (thing === undefined) return
  const indexed = indexedThing(state, thing)
  const held = thingGroups.dynamicGroups(thingName)
  const joins: string[] = []
  for (const group of thingGroups.dynamicRecords()) {
    const compiled = compiledQuery(state, group)
    if (!concerns(compiled)) continue
    const isHeld = held.includes(group.thingGroupName)
    if (compiled.matches(indexed) === isHeld) continue
    if (isHeld) leaveThingGroup(state, group.thingGroupName, thingName)
    else joins.push(group.thingGroupName)
  }
  // After all leaves, so that what they free can be joined.
  for (const name of joins) joinIfRoom(state, name, thingName)
}

function groupCount({ thingGroups }: RegistryState, thingName: string): number {
  return thingGroups.staticGroups(thingName).length + thingGroups.dynamicGroups(thingName).length
}
