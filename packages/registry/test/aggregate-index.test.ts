/** Aggregations over a fleet of four. */
import { expect, it } from 'vitest'
import { code, ok, openTestRegistry, type TestRegistry } from './open-test-registry.ts'

function openFleet(): TestRegistry {
  const opened = openTestRegistry()
  const { registry } = opened
  const customFields = [
    { name: 'attributes.size', type: 'Number' as const },
    { name: 'attributes.color', type: 'String' as const },
  ]
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const, customFields }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  for (const [at, color] of ['red', 'red', 'blue', ''].entries()) {
    const attributePayload = { attributes: { size: String(at * 10), color } }
    ok(registry.createThing({ thingName: `T${at}`, attributePayload }, 0))
  }
  return opened
}

it('gateway G80: statistics of numbers; a count for texts', () => {
  const { registry } = openFleet()
  const get = (queryString: string, aggregationField?: string): unknown =>
    ok(registry.getStatistics({ queryString, aggregationField }, 0)).statistics
  expect(get('*', 'attributes.size')).toEqual({
    count: 4,
    average: 15,
    sum: 60,
    minimum: 0,
    maximum: 30,
    sumOfSquares: 1400,
    variance: 125,
    stdDeviation: Math.sqrt(125),
  })
  expect(get('*', 'attributes.color')).toEqual({ count: 3 })
  expect(get('attributes.color:red')).toMatchObject({ count: 2, average: 1 })
  expect(get('thingName:x')).toEqual({ count: 0 })
})

it('gateway G80: only things with a valid value of the field count', () => {
  const { registry } = openFleet()
  for (const [at, size] of ['', 'large', '0x10', '1e999', '7'].entries()) {
    const attributePayload = { attributes: { size, color: 'red' } }
    ok(registry.createThing({ thingName: `U${at}`, attributePayload }, 0))
  }
  const size = { queryString: 'thingName:u*', aggregationField: 'attributes.size' }
  expect(ok(registry.getStatistics(size, 0)).statistics).toEqual({
    count: 1,
    average: 7,
    sum: 7,
    minimum: 7,
    maximum: 7,
    sumOfSquares: 49,
    variance: 0,
    stdDeviation: 0,
  })
  expect(ok(registry.getCardinality(size, 0))).toEqual({ cardinality: 1 })
  expect(ok(registry.getPercentiles({ ...size, percents: [50] }, 0)).percentiles).toEqual([
    { percent: 50, value: 7 },
  ])
  const buckets = { ...size, bucketsAggregationType: { termsAggregation: {} } }
  expect(ok(registry.getBucketsAggregation(buckets, 0))).toEqual({
    totalCount: 5,
    buckets: [{ keyValue: '7', count: 1 }],
  })
})

it('gateway G80: cardinality, buckets and percentiles', () => {
  const { registry } = openFleet()
  const color = { queryString: '*', aggregationField: 'attributes.color' }
  expect(ok(registry.getCardinality(color, 0))).toEqual({ cardinality: 2 })
  const buckets = (maxBuckets?: number): unknown =>
    registry.getBucketsAggregation(
      { ...color, bucketsAggregationType: { termsAggregation: { maxBuckets } } },
      0,
    )
  expect(buckets()).toEqual({
    ok: true,
    value: {
      totalCount: 4,
      buckets: [
        { keyValue: 'red', count: 2 },
        { keyValue: 'blue', count: 1 },
      ],
    },
  })
  expect(buckets(1)).toMatchObject({ value: { buckets: [{ keyValue: 'red' }] } })
  expect(buckets(0)).toMatchObject({ error: { code: 'InvalidRequestException' } })
  const size = { queryString: '*', aggregationField: 'attributes.size', percents: [0, 50, 100] }
  expect(ok(registry.getPercentiles(size, 0)).percentiles).toEqual([
    { percent: 0, value: 0 },
    { percent: 50, value: 15 },
    { percent: 100, value: 30 },
  ])
  expect(code(registry.getPercentiles(color, 0))).toBe('InvalidAggregationException')
})

it('gateway G80: of a field with several values each counts, and its thing once', () => {
  const { registry } = openFleet()
  for (const thingGroupName of ['A', 'B']) ok(registry.createThingGroup({ thingGroupName }, 0))
  for (const [thingName, thingGroupName] of [
    ['T0', 'A'],
    ['T0', 'B'],
    ['T1', 'B'],
  ]) {
    ok(registry.addThingToThingGroup({ thingName, thingGroupName }, 0))
  }
  const groups = { queryString: '*', aggregationField: 'registry.thingGroupNames' }
  expect(ok(registry.getCardinality(groups, 0))).toEqual({ cardinality: 2 })
  expect(ok(registry.getStatistics(groups, 0)).statistics).toEqual({ count: 2 })
  const buckets = { ...groups, bucketsAggregationType: { termsAggregation: {} } }
  expect(ok(registry.getBucketsAggregation(buckets, 0)).buckets).toEqual([
    { keyValue: 'B', count: 2 },
    { keyValue: 'A', count: 1 },
  ])
})

it('gateway G80: fields that are neither managed nor custom cannot be aggregated', () => {
  const { registry } = openFleet()
  const get = (aggregationField: string): string =>
    code(registry.getCardinality({ queryString: '*', aggregationField }, 0))
  expect(get('attributes.other')).toBe('InvalidAggregationException')
  expect(get('thingName')).toBe('ok')
  expect(get('registry.thingTypeName')).toBe('ok')
  const off = openTestRegistry().registry.getCardinality({ queryString: '*' }, 0)
  expect(code(off)).toBe('ResourceNotFoundException')
  const bad = registry.getCardinality({ queryString: '(' }, 0)
  expect(code(bad)).toBe('InvalidQueryException')
})
