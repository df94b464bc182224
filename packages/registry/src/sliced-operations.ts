/**
 * The AWS operations of the registry that can touch a whole fleet, as work in short steps:
 * `(state, input, nowMs) => Sliced<Outcome<output>>`.
 */
export { deleteBillingGroup } from './billing-group/billing-groups.ts'
export {
  createDynamicThingGroup,
  deleteDynamicThingGroup,
  updateDynamicThingGroup,
} from './dynamic-thing-group/dynamic-thing-groups.ts'
export {
  getBucketsAggregation,
  getCardinality,
  getPercentiles,
  getStatistics,
} from './query/aggregate-index.ts'
export { updateIndexingConfiguration } from './query/indexing-configuration.ts'
export { searchIndex } from './query/search-index.ts'
export { deleteThingGroup } from './thing-group/delete-thing-group.ts'
export { listThingGroups } from './thing-group/describe-thing-group.ts'
export { listThings } from './thing/describe-thing.ts'
