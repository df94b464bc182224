/**
 * The fleet indexing family of operations, as members of the registry.
 */
import type {
  DescribeIndexRequest,
  DescribeIndexResponse,
  GetBucketsAggregationRequest,
  GetBucketsAggregationResponse,
  GetCardinalityRequest,
  GetCardinalityResponse,
  GetIndexingConfigurationRequest,
  GetIndexingConfigurationResponse,
  GetPercentilesRequest,
  GetPercentilesResponse,
  GetStatisticsRequest,
  GetStatisticsResponse,
  GetThingConnectivityDataRequest,
  GetThingConnectivityDataResponse,
  ListIndicesRequest,
  ListIndicesResponse,
  SearchIndexRequest,
  SearchIndexResponse,
  UpdateIndexingConfigurationRequest,
  UpdateIndexingConfigurationResponse,
} from '@aws-sdk/client-iot'
import {
  buildDynamicGroups,
  completeDynamicGroup,
  resumeDynamicGroups,
} from '../dynamic-thing-group/build-dynamic-group.ts'
import { refreshConnectivityGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  getBucketsAggregation,
  getCardinality,
  getPercentiles,
  getStatistics,
} from './aggregate-index.ts'
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
  readonly getStatistics: Operation<GetStatisticsRequest, GetStatisticsResponse>
  readonly getCardinality: Operation<GetCardinalityRequest, GetCardinalityResponse>
  readonly getPercentiles: Operation<GetPercentilesRequest, GetPercentilesResponse>
  readonly getBucketsAggregation: Operation<
    GetBucketsAggregationRequest,
    GetBucketsAggregationResponse
  >
  /** To be told when the client whose ID is the thing's name connected or disconnected. */
  connectivityChanged(thingName: string): void
  /**
   * Judges all things against the groups that ask for connectivity, and goes on with groups that
   * were being built: for a start, when connections are gone.
   */
  resumeDynamicGroups(): void
  /** Judges some things for dynamic groups that are being built. @returns whether more wait */
  buildDynamicGroups(): boolean
  /** Ends a group's build at once; does nothing for a group that is built, or none. */
  completeDynamicGroup(thingGroupName: string): void
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
    getStatistics: (input) => getStatistics(state, input),
    getCardinality: (input) => getCardinality(state, input),
    getPercentiles: (input) => getPercentiles(state, input),
    getBucketsAggregation: (input) => getBucketsAggregation(state, input),
    connectivityChanged: (thingName) => refreshConnectivityGroups(state, thingName),
    resumeDynamicGroups: () => resumeDynamicGroups(state),
    buildDynamicGroups: () => buildDynamicGroups(state),
    completeDynamicGroup: (thingGroupName) => completeDynamicGroup(state, thingGroupName),
  }
}
