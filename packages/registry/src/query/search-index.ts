/**
 * SearchIndex and GetThingConnectivityData (gateway G80).
 */
import type {
  GetThingConnectivityDataRequest,
  GetThingConnectivityDataResponse,
  SearchIndexRequest,
  SearchIndexResponse,
  ThingConnectivity,
  ThingDocument,
  ThingGroupDocument,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, present, refuse, type Outcome, type Refused } from '@muster/model'
import { nextToken, pageInSteps } from '../paging/page.ts'
import { notFound, noThing } from '../state/absent.ts'
import type { Connectivity } from '../state/ports.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import {
  isIndexed,
  isIndexName,
  THING_GROUP_INDEX,
  THING_INDEX,
  unrecognizedIndex,
} from './indexing-configuration.ts'
import { compileQuery } from './match-query.ts'
import { parseQuery, unknownField } from './parse-query.ts'
import { planQuery } from './plan-query.ts'
import type { Query } from './query.ts'
import type { IndexedThing } from './compiled-query.ts'
import { shadowsText } from './shadow-fields.ts'
import { thingFieldRule } from './thing-field-rule.ts'
import { connectivityOf, indexedThing, THING_FIELDS } from './thing-fields.ts'
import { THING_GROUP_FIELDS } from './thing-group-fields.ts'

/** The one query language there is. */
export const QUERY_VERSION = '2017-09-30'

/** Page sizes of a search (A13). */
const SEARCH_SIZE_MAX = 500
const SEARCH_SIZE_DEFAULT = 100

/**
 * Finds things, or groups, by a query.
 *
 * @returns ResourceNotFoundException while the index is off, InvalidQueryException,
 *   InvalidRequestException for an index that there never is, and a bad token
 */
export function* searchIndex(
  state: RegistryState,
  input: SearchIndexRequest,
): Sliced<Outcome<SearchIndexResponse>> {
  const { queryString = '', indexName = THING_INDEX } = input
  const refused = checkIndex(state, indexName, input.queryVersion)
  if (refused !== undefined) return refused
  if (indexName === THING_GROUP_INDEX) return yield* searchThingGroups(state, input)
  const query = parseThingQuery(state, queryString)
  if (!query.ok) return query
  const matches = compileQuery(query.value, THING_FIELDS)
  const plan = planQuery(state, query.value)
  const outcome = yield* pageInSteps(pageOf(input), plan.keysAfter, (key) => {
    const thing = state.things.byName.get(plan.thingNameOf(key))
    if (thing === undefined) return undefined
    const indexed = indexedThing(state, thing)
    return matches(indexed) ? thingDocument(state, indexed) : undefined
  })
  if (!outcome.ok) return outcome
  return accept({ things: outcome.value.items, ...nextToken(outcome.value) })
}

/**
 * The connection state of a thing; of one that never connected, or not for long, neither time nor
 * reason is known.
 *
 * @returns ResourceNotFoundException for an absent thing, IndexNotReadyException while connectivity
 *   is not indexed
 */
export function getThingConnectivityData(
  state: RegistryState,
  input: GetThingConnectivityDataRequest,
): Outcome<GetThingConnectivityDataResponse> {
  const { thingName = '' } = input
  if (state.settings.indexing?.thingConnectivityIndexingMode !== 'STATUS') {
    return refuse('IndexNotReadyException', 'Connectivity indexing is not enabled')
  }
  if (!state.things.byName.has(thingName)) return noThing(thingName)
  const connectivity = connectivityOf(state, thingName)
  const { connected, timestampMs } = connectivity
  return accept({
    thingName,
    connected,
    ...(timestampMs === undefined ? {} : { timestamp: new Date(timestampMs) }),
    disconnectReason: disconnectReason(connectivity),
  } as GetThingConnectivityDataResponse)
}

/** Refuses another query version, an index that there never is, and one that is off. */
export function checkIndex(
  state: RegistryState,
  indexName: string,
  queryVersion: string | undefined,
): Refused | undefined {
  if (indexName === '') return invalidRequest('indexName cannot be empty.')
  if (queryVersion !== undefined && queryVersion !== QUERY_VERSION) return wrongQueryVersion()
  if (!isIndexName(indexName)) return unrecognizedIndex(indexName)
  if (isIndexed(state, indexName)) return undefined
  return notFound(
    `Index ${indexName} does not exist. ` +
      'Please enable index by calling UpdateIndexingConfiguration',
  )
}

/** The refusal of another query language. */
export function wrongQueryVersion(): Refused {
  return invalidRequest(`Invalid queryVersion. Expected one of: [${QUERY_VERSION}]`)
}

/** Parses a query on things; fields of what is not indexed are refused. */
export function parseThingQuery(
  state: RegistryState,
  queryString: string,
  termsMax?: number,
): Outcome<Query> {
  return parseQuery(queryString, thingFieldRule(state), termsMax)
}

function* searchThingGroups(
  state: RegistryState,
  input: SearchIndexRequest,
): Sliced<Outcome<SearchIndexResponse>> {
  const query = parseQuery(input.queryString ?? '', (name) =>
    THING_GROUP_FIELDS.isField(name) ? undefined : unknownField(name),
  )
  if (!query.ok) return query
  const matches = compileQuery(query.value, THING_GROUP_FIELDS)
  const outcome = yield* pageInSteps(
    pageOf(input),
    (last) => state.thingGroups.names.after(last),
    (name): ThingGroupDocument | undefined => {
      const group = state.thingGroups.byName.get(name)
      if (group === undefined) return undefined
      const parentGroupNames = state.thingGroups.ancestors(name).reverse()
      if (!matches({ group, parentGroupNames })) return undefined
      return {
        thingGroupName: name,
        thingGroupId: group.thingGroupId,
        ...present({ thingGroupDescription: group.description }),
        ...(Object.keys(group.attributes).length === 0
          ? {}
          : { attributes: { ...group.attributes } }),
        ...(parentGroupNames.length === 0 ? {} : { parentGroupNames }),
      }
    },
  )
  if (!outcome.ok) return outcome
  return accept({ thingGroups: outcome.value.items, ...nextToken(outcome.value) })
}

function pageOf(input: SearchIndexRequest): {
  scope: string
  token: string | undefined
  size: number
  sizeMax: number
} {
  return {
    scope: JSON.stringify(['SearchIndex', input.indexName ?? THING_INDEX, input.queryString]),
    token: input.nextToken,
    size: input.maxResults ?? SEARCH_SIZE_DEFAULT,
    sizeMax: SEARCH_SIZE_MAX,
  }
}

function thingDocument(
  state: RegistryState,
  { thing, thingGroupNames, connectivity, shadow }: IndexedThing,
): ThingDocument {
  return {
    thingName: thing.thingName,
    thingId: thing.thingId,
    ...present({ thingTypeName: thing.thingTypeName }),
    ...(thingGroupNames.length === 0 ? {} : { thingGroupNames: [...thingGroupNames] }),
    ...(Object.keys(thing.attributes).length === 0 ? {} : { attributes: { ...thing.attributes } }),
    ...present({ shadow: shadowsText(state, shadow) }),
    ...(connectivity === undefined ? {} : { connectivity: thingConnectivity(connectivity) }),
  }
}

function thingConnectivity(connectivity: Connectivity): ThingConnectivity {
  return {
    connected: connectivity.connected,
    ...present({ timestamp: connectivity.timestampMs }),
    ...(connectivity.disconnectReason === undefined
      ? {}
      : { disconnectReason: connectivity.disconnectReason }),
  }
}

function disconnectReason(connectivity: Connectivity): string {
  return connectivity.connected ? 'NONE' : (connectivity.disconnectReason ?? 'UNKNOWN')
}
