/**
 * Which indexes there are: UpdateIndexingConfiguration, GetIndexingConfiguration, DescribeIndex,
 * ListIndices (gateway G80).
 */
import type {
  DescribeIndexRequest,
  DescribeIndexResponse,
  GetIndexingConfigurationRequest,
  GetIndexingConfigurationResponse,
  ListIndicesRequest,
  ListIndicesResponse,
  ThingGroupIndexingConfiguration,
  ThingIndexingConfiguration,
  UpdateIndexingConfigurationRequest,
  UpdateIndexingConfigurationResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome, type Refused } from '@muster/model'
import { rebuildAllDynamicGroups } from '../dynamic-thing-group/build-dynamic-group.ts'
import { nextToken, page } from '../paging/page.ts'
import { notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import type { IndexingRecord } from '../state/settings-state.ts'
import {
  checkCustomFields,
  checkManagedFields,
  managedThingFields,
  managedThingGroupFields,
} from './index-fields.ts'
import { CLASSIC, namedShadows, PACKAGE, shadowField } from './shadow-fields.ts'

/** The index of things, and that of groups. */
export const THING_INDEX = 'AWS_Things'
export const THING_GROUP_INDEX = 'AWS_ThingGroups'

const OFF: IndexingRecord = {
  thingIndexingMode: 'OFF',
  thingConnectivityIndexingMode: 'OFF',
  thingGroupIndexingMode: 'OFF',
  thing: {},
  thingGroup: {},
}

/** Named shadows of the filter; `$package` is free (neighbours N45). */
const NAMED_SHADOWS_MAX = 10

/**
 * Switches indexes on and off; what is indexed is searchable when this answers. Device Defender
 * violations may be switched on: this server has none, so none are found.
 *
 * @returns InvalidRequestException for no configuration, for modes that need another one, and for
 *   fields that the index cannot have
 */
export function* updateIndexingConfiguration(
  state: RegistryState,
  input: UpdateIndexingConfigurationRequest,
): Sliced<Outcome<UpdateIndexingConfigurationResponse>> {
  const things = input.thingIndexingConfiguration
  const groups = input.thingGroupIndexingConfiguration
  if (things === undefined && groups === undefined) {
    return invalidRequest(
      'At least one configuration to update ' +
        '(thingIndexingConfiguration / thingGroupIndexingConfiguration) is required',
    )
  }
  const before = state.settings.indexing ?? OFF
  let indexing = before
  if (things !== undefined) {
    const { managedFields: _managed, thingIndexingMode = 'OFF', ...rest } = things
    const { thingConnectivityIndexingMode = 'OFF' } = rest
    // Of a configuration that switches things off, AWS keeps nothing.
    const thing = thingIndexingMode === 'OFF' ? {} : rest
    indexing = { ...indexing, thingIndexingMode, thingConnectivityIndexingMode, thing }
  }
  if (groups !== undefined) {
    const { managedFields: _managed, thingGroupIndexingMode = 'OFF', ...rest } = groups
    indexing = { ...indexing, thingGroupIndexingMode, thingGroup: rest }
  }
  const bad =
    (things === undefined ? undefined : checkThings(things, indexing)) ??
    (groups === undefined ? undefined : checkGroups(groups))
  if (bad !== undefined) return bad
  state.settings.setIndexing(indexing)
  if (seesOtherwise(before, indexing)) yield* rebuildAllDynamicGroups(state)
  return accept({})
}

function checkThings(
  things: ThingIndexingConfiguration,
  indexing: IndexingRecord,
): Refused | undefined {
  const { thingIndexingMode = 'OFF', namedShadowIndexingMode = 'OFF', filter } = things
  const { thingConnectivityIndexingMode = 'OFF', deviceDefenderIndexingMode = 'OFF' } = things
  if (thingIndexingMode === 'OFF') {
    const on = Object.entries({
      ThingConnectivityIndexingMode: thingConnectivityIndexingMode,
      NamedShadowIndexingMode: namedShadowIndexingMode,
      DeviceDefenderIndexingMode: deviceDefenderIndexingMode,
    }).find(([, mode]) => mode !== 'OFF')
    if (on !== undefined) {
      return invalidRequest(`ThingIndexingMode must be turned ON for enabling ${on[0]}`)
    }
  }
  const shadowNames = filter?.namedShadowNames ?? []
  if (namedShadowIndexingMode === 'ON' && shadowNames.length === 0 && !isForPackages(things)) {
    return invalidRequest(
      'NamedShadowNames Filter must not be empty for enabling NamedShadowIndexingMode',
    )
  }
  if (shadowNames.filter((name) => name !== PACKAGE).length > NAMED_SHADOWS_MAX) {
    return invalidRequest(`NamedShadowNames Filter has at most ${NAMED_SHADOWS_MAX} names`)
  }
  return (
    checkCustomFields(things.customFields, indexing) ??
    checkManagedFields('thingIndexingConfiguration', things.managedFields)
  )
}

/**
 * Whether named shadows are switched on for `$package` alone, which need not be named (neighbours N75):
 * beside classic shadows, without a filter and without a field of another named shadow. AWS was
 * measured to refuse a configuration without a filter before there was a catalog; that holds for
 * everything else.
 */
function isForPackages({
  customFields = [],
  filter,
  thingIndexingMode,
}: ThingIndexingConfiguration): boolean {
  return (
    thingIndexingMode === 'REGISTRY_AND_SHADOW' &&
    filter === undefined &&
    customFields.every(({ name = '' }) => {
      const { shadowName = CLASSIC } = shadowField(name) ?? {}
      return shadowName === CLASSIC || shadowName === PACKAGE
    })
  )
}

function checkGroups(groups: ThingGroupIndexingConfiguration): Refused | undefined {
  return (
    checkManagedFields('thingGroupIndexingConfiguration', groups.managedFields) ??
    checkCustomFields(groups.customFields, undefined)
  )
}

/** Whether queries may find other things than before. */
function seesOtherwise(before: IndexingRecord, after: IndexingRecord): boolean {
  return (
    before.thingIndexingMode !== after.thingIndexingMode ||
    before.thingConnectivityIndexingMode !== after.thingConnectivityIndexingMode ||
    namedShadows(before).join('\n') !== namedShadows(after).join('\n')
  )
}

/** The configuration; everything is off until switched on. */
export function getIndexingConfiguration(
  state: RegistryState,
  _input: GetIndexingConfigurationRequest,
): Outcome<GetIndexingConfigurationResponse> {
  const indexing = state.settings.indexing ?? OFF
  return accept({
    thingIndexingConfiguration: {
      ...indexing.thing,
      thingIndexingMode: indexing.thingIndexingMode,
      thingConnectivityIndexingMode: indexing.thingConnectivityIndexingMode,
      deviceDefenderIndexingMode: indexing.thing.deviceDefenderIndexingMode ?? 'OFF',
      namedShadowIndexingMode: indexing.thing.namedShadowIndexingMode ?? 'OFF',
      managedFields: managedThingFields(indexing),
    },
    thingGroupIndexingConfiguration: {
      ...indexing.thingGroup,
      thingGroupIndexingMode: indexing.thingGroupIndexingMode,
      managedFields: managedThingGroupFields(indexing),
    },
  })
}

/**
 * @returns InvalidRequestException for an index that there never is, ResourceNotFoundException for
 *   one that is not switched on
 */
export function describeIndex(
  state: RegistryState,
  input: DescribeIndexRequest,
): Outcome<DescribeIndexResponse> {
  const { indexName = '' } = input
  if (!isIndexName(indexName)) return unrecognizedIndex(indexName)
  if (!isIndexed(state, indexName)) return notFound(`Index ${indexName} does not exist`)
  const schema = indexName === THING_GROUP_INDEX ? 'REGISTRY' : thingSchema(state)
  return accept({ indexName, indexStatus: 'ACTIVE', schema })
}

function thingSchema({ settings: { indexing = OFF } }: RegistryState): string {
  const { thing, thingIndexingMode, thingConnectivityIndexingMode } = indexing
  const several =
    thing.namedShadowIndexingMode === 'ON' || thing.deviceDefenderIndexingMode === 'VIOLATIONS'
  if (several) return 'MULTI_INDEXING_MODE'
  const connected = thingConnectivityIndexingMode === 'STATUS'
  return `${thingIndexingMode}${connected ? '_AND_CONNECTIVITY_STATUS' : ''}`
}

/** The indexes that are switched on. @returns InvalidRequestException for a bad token */
export function listIndices(
  state: RegistryState,
  input: ListIndicesRequest,
): Outcome<ListIndicesResponse> {
  const names = [THING_GROUP_INDEX, THING_INDEX].filter((name) => isIndexed(state, name))
  const outcome = page(
    { scope: 'ListIndices', token: input.nextToken, size: input.maxResults, sizeMax: 500 },
    (last) => names.filter((name) => last === undefined || name > last),
    (name) => name,
  )
  if (!outcome.ok) return outcome
  return accept({ indexNames: outcome.value.items, ...nextToken(outcome.value) })
}

/** Whether there can be an index of this name. */
export function isIndexName(indexName: string): boolean {
  return indexName === THING_INDEX || indexName === THING_GROUP_INDEX
}

/** The refusal of an index that there never is. */
export function unrecognizedIndex(indexName: string): Refused {
  return invalidRequest(`Unrecognized indexName ${indexName}`)
}

/** Whether the index is switched on. */
export function isIndexed(state: RegistryState, indexName: string): boolean {
  const indexing = state.settings.indexing ?? OFF
  if (indexName === THING_INDEX) return indexing.thingIndexingMode !== 'OFF'
  return indexName === THING_GROUP_INDEX && indexing.thingGroupIndexingMode !== 'OFF'
}
