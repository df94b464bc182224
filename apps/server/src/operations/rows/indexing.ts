import { index, thing } from '../../authorization/operator-resources.ts'
import { getThingConnectivityData } from '../connectivity-data.ts'
import type { Operations } from '../operation-row.ts'

/** The fleet's index (gateway G79, G80). */
export const indexing: Operations<'iot'> = {
  SearchIndex: {
    rule: ({ registry }) => registry.searchIndex,
    resources: [index],
    rate: { perSecond: 15 },
  },
  GetStatistics: { rule: ({ registry }) => registry.getStatistics, resources: [index] },
  GetCardinality: { rule: ({ registry }) => registry.getCardinality, resources: [index] },
  GetPercentiles: { rule: ({ registry }) => registry.getPercentiles, resources: [index] },
  GetBucketsAggregation: {
    rule: ({ registry }) => registry.getBucketsAggregation,
    resources: [index],
  },
  DescribeIndex: { rule: ({ registry }) => registry.describeIndex, resources: [index] },
  ListIndices: { rule: ({ registry }) => registry.listIndices },
  GetIndexingConfiguration: { rule: ({ registry }) => registry.getIndexingConfiguration },
  UpdateIndexingConfiguration: {
    rule: ({ registry }) => registry.updateIndexingConfiguration,
    rate: { perSecond: 1 },
  },
  GetThingConnectivityData: {
    rule:
      ({ registry, broker }) =>
      (input, nowMs) =>
        getThingConnectivityData(registry, broker, input, nowMs),
    resources: [thing],
    // authz J15.
    keys: (_account, { includeSocketInformation = false }) => ({
      'iot:IncludeSocketInformation': String(includeSocketInformation),
    }),
    rate: { perSecond: 350 },
  },
}
