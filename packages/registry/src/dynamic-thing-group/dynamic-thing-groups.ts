/**
 * CreateDynamicThingGroup, UpdateDynamicThingGroup, DeleteDynamicThingGroup (gateway G78).
 */
import type {
  CreateDynamicThingGroupRequest,
  CreateDynamicThingGroupResponse,
  DeleteDynamicThingGroupRequest,
  DeleteDynamicThingGroupResponse,
  UpdateDynamicThingGroupRequest,
  UpdateDynamicThingGroupResponse,
} from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  present,
  refuse,
  type Outcome,
  type Refused,
} from '@muster/model'
import { isIndexed, THING_INDEX, unrecognizedIndex } from '../query/indexing-configuration.ts'
import { parseThingQuery, QUERY_VERSION, wrongQueryVersion } from '../query/search-index.ts'
import {
  ATTRIBUTES_MAX,
  changedAttributes,
  checkAttributes,
  givenName,
  checkVersion,
  sameAttributes,
} from '../state/constraints.ts'
import { notFound } from '../state/absent.ts'
import type { ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import { checkNewTags, putTags } from '../tag/tags.ts'
import { thingGroupExists } from '../thing-group/create-thing-group.ts'
import { eraseThingGroup } from '../thing-group/erase-thing-group.ts'
import { changedThingGroup } from '../thing-group/update-thing-group.ts'
import { beginBuild } from './build-dynamic-group.ts'

/** Terms of a group's query (neighbours N48). */
const TERMS_MAX = 5
/** Dynamic groups of the account (G78). */
const DYNAMIC_GROUPS_MAX = 100

type Dynamic = NonNullable<ThingGroupRecord['dynamic']>

/**
 * Creates a dynamic group; of a large fleet it holds all members a while later. The same group
 * again answers as the first time.
 *
 * @returns InvalidQueryException, LimitExceededException for a 101st, ResourceAlreadyExistsException
 *   for other properties under the name, InvalidRequestException while things are not indexed
 */
export function* createDynamicThingGroup(
  state: RegistryState,
  input: CreateDynamicThingGroupRequest,
  nowMs: number,
): Sliced<Outcome<CreateDynamicThingGroupResponse>> {
  const { queryString = '', thingGroupProperties } = input
  const name = givenName('thingGroupName', input.thingGroupName)
  if (!name.ok) return name
  const thingGroupName = name.value
  const dynamic: Dynamic = {
    queryString,
    indexName: input.indexName ?? THING_INDEX,
    queryVersion: input.queryVersion ?? QUERY_VERSION,
  }
  const attributes = changedAttributes({}, thingGroupProperties?.attributePayload)
  const description = thingGroupProperties?.thingGroupDescription
  const thingGroupArn = iotArn(state.ports.account, 'thinggroup', thingGroupName)
  const bad =
    checkQuery(state, dynamic) ??
    checkAttributes(attributes, ATTRIBUTES_MAX) ??
    checkNewTags(input.tags)
  if (bad !== undefined) return bad
  const existing = state.thingGroups.byName.get(thingGroupName)
  if (existing !== undefined) {
    const same =
      existing.dynamic?.queryString === queryString &&
      existing.description === description &&
      sameAttributes(existing.attributes, attributes)
    if (!same) return thingGroupExists(`Thing Group ${thingGroupName}`)
    return accept({
      thingGroupName,
      thingGroupArn,
      thingGroupId: existing.thingGroupId,
      ...dynamic,
    })
  }
  if (state.thingGroups.dynamicNames.size >= DYNAMIC_GROUPS_MAX) {
    return refuse(
      'LimitExceededException',
      `at most ${DYNAMIC_GROUPS_MAX} dynamic thing groups are allowed`,
    )
  }
  const group: ThingGroupRecord = {
    thingGroupName,
    thingGroupId: state.ports.newId(),
    ...present({ description }),
    attributes,
    version: 1,
    createdAtMs: nowMs,
    dynamic,
  }
  state.thingGroups.byName.set(thingGroupName, group)
  putTags(state, thingGroupArn, input.tags)
  state.emit({ kind: 'thingGroup', thingGroupName, after: group })
  yield* beginBuild(state, group, 'BUILDING')
  return accept({ thingGroupName, thingGroupArn, thingGroupId: group.thingGroupId, ...dynamic })
}

/**
 * Changes a dynamic group's properties and query, and counts its version up.
 *
 * @returns ResourceNotFoundException, VersionConflictException, InvalidQueryException,
 *   InvalidRequestException
 */
export function* updateDynamicThingGroup(
  state: RegistryState,
  input: UpdateDynamicThingGroupRequest,
): Sliced<Outcome<UpdateDynamicThingGroupResponse>> {
  const { thingGroupName = '' } = input
  const before = state.thingGroups.byName.get(thingGroupName)
  if (before === undefined) return notFound(`Group ${thingGroupName} does not exist`)
  if (before.dynamic === undefined) {
    return invalidRequest(`${thingGroupName} is not a dynamic thing group`)
  }
  const changed = changedThingGroup(before, input)
  if (!changed.ok) return changed
  const dynamic: Dynamic = {
    queryString: input.queryString ?? before.dynamic.queryString,
    indexName: input.indexName ?? before.dynamic.indexName,
    queryVersion: input.queryVersion ?? before.dynamic.queryVersion,
  }
  const asked = input.queryString ?? input.indexName ?? input.queryVersion
  const bad = asked === undefined ? undefined : checkQuery(state, dynamic)
  if (bad !== undefined) return bad
  const after: ThingGroupRecord = { ...changed.value, dynamic }
  state.thingGroups.byName.set(thingGroupName, after)
  state.emit({ kind: 'thingGroup', thingGroupName, before, after })
  if (dynamic.queryString !== before.dynamic.queryString) {
    yield* beginBuild(state, after, 'REBUILDING')
  }
  return accept({ version: after.version })
}

/**
 * Deletes a dynamic group with its memberships; an absent one is deleted already.
 *
 * @returns InvalidRequestException for a static group, VersionConflictException
 */
export function* deleteDynamicThingGroup(
  state: RegistryState,
  input: DeleteDynamicThingGroupRequest,
): Sliced<Outcome<DeleteDynamicThingGroupResponse>> {
  const { thingGroupName = '' } = input
  const group = state.thingGroups.byName.get(thingGroupName)
  if (group === undefined) return accept({})
  if (group.dynamic === undefined) {
    return invalidRequest(`${thingGroupName} is not a dynamic thing group`)
  }
  const conflict = checkVersion(`group ${thingGroupName}`, input.expectedVersion, group.version)
  if (conflict !== undefined) return conflict
  yield* eraseThingGroup(state, group)
  return accept({})
}

function checkQuery(state: RegistryState, dynamic: Dynamic): Refused | undefined {
  const { indexName, queryVersion, queryString } = dynamic
  if (queryVersion !== QUERY_VERSION) return wrongQueryVersion()
  if (indexName !== THING_INDEX) return unrecognizedIndex(indexName)
  if (!isIndexed(state, THING_INDEX)) {
    return invalidRequest(
      `Index ${THING_INDEX} is not enabled: dynamic thing groups need fleet indexing`,
    )
  }
  const query = parseThingQuery(state, queryString, TERMS_MAX)
  return query.ok ? undefined : query
}
