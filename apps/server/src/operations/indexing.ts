import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on the fleet's index (gateway G79, G80). */
export function indexingOperations(registry: Registry): OperationHandlers {
  return {
    SearchIndex: handle(registry.searchIndex),
    GetThingConnectivityData: handle(registry.getThingConnectivityData),
    UpdateIndexingConfiguration: handle(registry.updateIndexingConfiguration),
    GetIndexingConfiguration: handle(registry.getIndexingConfiguration),
    DescribeIndex: handle(registry.describeIndex),
    GetStatistics: handle(registry.getStatistics),
    GetCardinality: handle(registry.getCardinality),
    GetPercentiles: handle(registry.getPercentiles),
    GetBucketsAggregation: handle(registry.getBucketsAggregation),
    ListIndices: handle(registry.listIndices),
  }
}
