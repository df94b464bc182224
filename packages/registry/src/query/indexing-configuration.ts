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
  UpdateIndexingConfigurationRequest,
  UpdateIndexingConfigurationResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'
import { rebuildAllDynamicGroups } from '../dynamic-thing-group/build-dynamic-group.ts'
import { nextToken, page } from '../paging/page.ts'
import { noIndex } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { IndexingRecord } from '../state/settings-state.ts'
import { checkCustomFields, managedThingFields, managedThingGroupFields } from './index-fields.ts'

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

/**
 * Switches indexes on and off; what is indexed is searchable when this answers.
 *
 * @returns InvalidRequestException for connectivity without things, for custom fields that the
 *   index cannot have, and for shadows of names or Device Defender violations, which this server
 *   has not
 */
export function updateIndexingConfiguration(
  state: RegistryState,
  input: UpdateIndexingConfigurationRequest,
): Outcome<UpdateIndexingConfigurationResponse> {
  const things = input.thingIndexingConfiguration
  const groups = input.thingGroupIndexingConfiguration
  const before = state.settings.indexing ?? OFF
  let indexing = before
  if (things !== undefined) {
    const { managedFields: _managed, thingIndexingMode = 'OFF', ...rest } = things
    const thingConnectivityIndexingMode = rest.thingConnectivityIndexingMode ?? 'OFF'
    if (thingIndexingMode === 'OFF' && thingConnectivityIndexingMode !== 'OFF') {
      return invalidRequest(
        'thingConnectivityIndexingMode needs a thingIndexingMode that is not OFF',
      )
    }
    if (rest.deviceDefenderIndexingMode === 'VIOLATIONS' || rest.namedShadowIndexingMode === 'ON') {
      return invalidRequest(
        'this server has no Device Defender violations and no named shadows to index',
      )
    }
    const bad = checkCustomFields(rest.customFields, thingIndexingMode === 'REGISTRY_AND_SHADOW')
    if (bad !== undefined) return bad
    indexing = { ...indexing, thingIndexingMode, thingConnectivityIndexingMode, thing: rest }
  }
  if (groups !== undefined) {
    const { managedFields: _managed, thingGroupIndexingMode = 'OFF', ...rest } = groups
    const bad = checkCustomFields(rest.customFields, false)
    if (bad !== undefined) return bad
    indexing = { ...indexing, thingGroupIndexingMode, thingGroup: rest }
  }
  state.settings.setIndexing(indexing)
  if (seesOtherwise(before, indexing)) rebuildAllDynamicGroups(state)
  return accept({})
}

/** Whether queries may find other things than before. */
function seesOtherwise(before: IndexingRecord, after: IndexingRecord): boolean {
  return (
    before.thingIndexingMode !== after.thingIndexingMode ||
    before.thingConnectivityIndexingMode !== after.thingConnectivityIndexingMode
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
      deviceDefenderIndexingMode: 'OFF',
      namedShadowIndexingMode: 'OFF',
      managedFields: managedThingFields(indexing),
    },
    thingGroupIndexingConfiguration: {
      ...indexing.thingGroup,
      thingGroupIndexingMode: indexing.thingGroupIndexingMode,
      managedFields: managedThingGroupFields(indexing),
    },
  })
}

/** @returns ResourceNotFoundException for an index that is not switched on */
export function describeIndex(
  state: RegistryState,
  input: DescribeIndexRequest,
): Outcome<DescribeIndexResponse> {
  const { indexName = '' } = input
  if (!isIndexed(state, indexName)) return noIndex(indexName)
  const indexing = state.settings.indexing ?? OFF
  if (indexName === THING_GROUP_INDEX) {
    return accept({ indexName, indexStatus: 'ACTIVE', schema: '' })
  }
  const connected = indexing.thingConnectivityIndexingMode === 'STATUS'
  const schema = `${indexing.thingIndexingMode}${connected ? '_AND_CONNECTIVITY_STATUS' : ''}`
  return accept({ indexName, indexStatus: 'ACTIVE', schema })
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

/** Whether the index is switched on. */
export function isIndexed(state: RegistryState, indexName: string): boolean {
  const indexing = state.settings.indexing ?? OFF
  if (indexName === THING_INDEX) return indexing.thingIndexingMode !== 'OFF'
  return indexName === THING_GROUP_INDEX && indexing.thingGroupIndexingMode !== 'OFF'
}
