/** Search, indexing, endpoints and event configurations: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import * as shapes from './shapes.ts'

export const search: ServiceConstraints<'iot'> = {
  SearchIndexRequest: {
    indexName: shapes.indexName,
    queryString: shapes.queryString,
    maxResults: shapes.searchQueryMaxResults,
  },
  DescribeIndexRequest: {
    indexName: shapes.indexName,
  },
  ListIndicesRequest: {
    maxResults: shapes.queryMaxResults,
  },
  GetThingConnectivityDataRequest: {
    thingName: shapes.connectivityApiThingName,
  },
  DescribeEndpointRequest: {
    endpointType: shapes.endpointType,
  },
  UpdateEventConfigurationsRequest: {
    eventConfigurations: shapes.eventConfigurations,
  },
  ThingIndexingConfiguration: {
    thingIndexingMode: shapes.thingIndexingMode,
    thingConnectivityIndexingMode: shapes.thingConnectivityIndexingMode,
    deviceDefenderIndexingMode: shapes.deviceDefenderIndexingMode,
    namedShadowIndexingMode: shapes.namedShadowIndexingMode,
  },
  ThingGroupIndexingConfiguration: {
    thingGroupIndexingMode: shapes.thingGroupIndexingMode,
  },
  IndexingFilter: {
    namedShadowNames: shapes.namedShadowNamesFilter,
  },
  Field: {
    type: shapes.fieldType,
  },
  ConnectivityFilter: {
    includeSocketInformation: shapes.fleetIndexingApiList,
  },
  GeoLocationTarget: {
    order: shapes.targetFieldOrder,
  },
}
