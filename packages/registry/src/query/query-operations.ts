/**
 * The fleet indexing family of operations, as members of the registry.
 */
import type {
  DescribeIndexRequest,
  DescribeIndexResponse,
  GetIndexingConfigurationRequest,
  GetIndexingConfigurationResponse,
  GetThingConnectivityDataRequest,
  GetThingConnectivityDataResponse,
  ListIndicesRequest,
  ListIndicesResponse,
  SearchIndexRequest,
  SearchIndexResponse,
  UpdateIndexingConfigurationRequest,
  UpdateIndexingConfigurationResponse,
} from '@aws-sdk/client-iot'
import { refreshConnectivityGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  describeIndex,
  getIndexingConfiguration,
  listIndices,
  updateIndexingConfiguration,
} from './indexing-configuration.ts'
import { getThingConnectivityData, searchIndex } from './search-index.ts'

/** Operations on the fleet's index (gateway G79, G80). */
export interface QueryOperations {
  readonly searchIndex: Operation<SearchIndexRequest, SearchIndexResponse>
  readonly getThingConnectivityData: Operation<
    GetThingConnectivityDataRequest,
    GetThingConnectivityDataResponse
  >
  readonly updateIndexingConfiguration: Operation<
    UpdateIndexingConfigurationRequest,
    UpdateIndexingConfigurationResponse
  >
  readonly getIndexingConfiguration: Operation<
    GetIndexingConfigurationRequest,
    GetIndexingConfigurationResponse
  >
  readonly describeIndex: Operation<DescribeIndexRequest, DescribeIndexResponse>
  readonly listIndices: Operation<ListIndicesRequest, ListIndicesResponse>
  /** To be told when the client whose ID is the thing's name connected or disconnected. */
  connectivityChanged(thingName: string): void
}

/** Binds the family to a state. */
export function queryOperations(state: RegistryState): QueryOperations {
  return {
    searchIndex: (input) => searchIndex(state, input),
    getThingConnectivityData: (input) => getThingConnectivityData(state, input),
    updateIndexingConfiguration: (input) => updateIndexingConfiguration(state, input),
    getIndexingConfiguration: (input) => getIndexingConfiguration(state, input),
    describeIndex: (input) => describeIndex(state, input),
    listIndices: (input) => listIndices(state, input),
    connectivityChanged: (thingName) => refreshConnectivityGroups(state, thingName),
  }
}
