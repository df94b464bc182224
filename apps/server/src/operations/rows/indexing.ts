import { index, thing } from '../../authorization/operator-resources.ts'
import { getThingConnectivityData } from '../connectivity-data.ts'
import { inSlices } from '../in-slices.ts'
import type { Operations } from '../operation-row.ts'

/** The fleet's index (gateway G79, G80). */
export const indexing: Operations<'iot'> = {
  SearchIndex: {
    rule: inSlices(({ searchIndex }) => searchIndex),
    resources: [index],
    rate: { perSecond: 15 },
  },
  GetStatistics: { rule: inSlices(({ getStatistics }) => getStatistics), resources: [index] },
  GetCardinality: { rule: inSlices(({ getCardinality }) => getCardinality), resources: [index] },
  GetPercentiles: { rule: inSlices(({ getPercentiles }) => getPercentiles), resources: [index] },
  GetBucketsAggregation: {
    rule: inSlices(({ getBucketsAggregation }) => getBucketsAggregation),
    resources: [index],
  },
  DescribeIndex: { rule: ({ registry }) => registry.describeIndex, resources: [index] },
  ListIndices: { rule: ({ registry }) => registry.listIndices },
  GetIndexingConfiguration: { rule: ({ registry }) => registry.getIndexingConfiguration },
  UpdateIndexingConfiguration: {
    rule: inSlices(({ updateIndexingConfiguration }) => updateIndexingConfiguration),
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
