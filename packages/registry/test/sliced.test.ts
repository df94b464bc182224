/** Work on a large fleet in steps: as if done at once, while nothing changes between them. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atOnce, type Sliced } from '../src/index.ts'
import { sortInSteps, walkInSteps } from '../src/state/sliced.ts'
import { ok, openTestRegistry, type TestRegistry } from './open-test-registry.ts'

const THINGS = 3000

describe('sortInSteps', () => {
  it('sorts as an array sorts, equal items in their order', () => {
    const items = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.nat()), { maxLength: 3000 })
    const byFirst = (one: readonly number[], other: readonly number[]): number =>
      (one[0] ?? 0) - (other[0] ?? 0)
    fc.assert(
      fc.property(items, (given) => {
        expect(atOnce(sortInSteps(given, byFirst))).toEqual(given.toSorted(byFirst))
      }),
      { numRuns: 50 },
    )
  })
})

describe('walkInSteps', () => {
  const keys = Array.from({ length: 1001 }, (_, at) => String(at).padStart(4, '0'))
  const after = (last?: string): string[] => keys.filter((key) => last === undefined || key > last)

  it('visits every key once, and stops where it is told to', () => {
    const seen: string[] = []
    const work = walkInSteps(after, (key) => seen.push(key) < 700)
    expect(countSteps(work)).toBe(1)
    expect(seen).toEqual(keys.slice(0, 700))
    seen.length = 0
    expect(countSteps(walkInSteps(after, (key) => seen.push(key) > 0))).toBe(2)
    expect(seen).toEqual(keys)
  })

  it('begins after a key', () => {
    const seen: string[] = []
    atOnce(walkInSteps(after, (key) => seen.push(key) > 0, '0998'))
    expect(seen).toEqual(['0999', '1000'])
  })
})

describe('operations on a whole fleet', () => {
  const opened = openFleet()
  const { sliced } = opened.registry
  const every = { queryString: '*' }

  it.each([
    ['SearchIndex', () => sliced.searchIndex({ queryString: 'attributes.load > 5000' }, 0)],
    [
      'GetStatistics',
      () => sliced.getStatistics({ ...every, aggregationField: 'attributes.load' }, 0),
    ],
    ['GetCardinality', () => sliced.getCardinality({ ...every, aggregationField: 'thingName' }, 0)],
    [
      'GetPercentiles',
      () => sliced.getPercentiles({ ...every, aggregationField: 'attributes.load' }, 0),
    ],
    ['GetBucketsAggregation', () => sliced.getBucketsAggregation(buckets('thingName', 10_000), 0)],
    [
      'ListThings',
      () => sliced.listThings({ attributeName: 'model', attributeValue: 'absent' }, 0),
    ],
  ] as const)('gateway G80: %s pauses on its way', (_name, work) => {
    expect(countSteps(work() as Sliced<unknown>)).toBeGreaterThan(2)
  })

  it('gateway G80: things that come and go between two steps harm nobody', () => {
    const { registry } = opened
    const work = sliced.getStatistics({ queryString: 'thingTypeName:none OR thingName:t*' }, 0)
    expect(work.next().done).toBe(false)
    ok(registry.deleteThing({ thingName: 't-2999' }, 0))
    ok(registry.createThing({ thingName: 'u' }, 0))
    expect(ok(atOnce(work))).toMatchObject({ statistics: { count: THINGS - 1 } })
  })

  it('gateway G80: the largest buckets come first, ties by value', () => {
    const counted = ok(atOnce(sliced.getBucketsAggregation(buckets('attributes.model', 3), 0)))
    expect(counted.buckets).toEqual([{ keyValue: 'Absent', count: THINGS - 1 }])
  })
})

function buckets(
  aggregationField: string,
  maxBuckets: number,
): { queryString: string; aggregationField: string; bucketsAggregationType: object } {
  const bucketsAggregationType = { termsAggregation: { maxBuckets } }
  return { queryString: '*', aggregationField, bucketsAggregationType }
}

function openFleet(): TestRegistry {
  const opened = openTestRegistry()
  const { registry } = opened
  const thingIndexingConfiguration = {
    thingIndexingMode: 'REGISTRY' as const,
    customFields: [
      { name: 'attributes.load', type: 'Number' as const },
      { name: 'attributes.model', type: 'String' as const },
    ],
  }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  for (let number = 0; number < THINGS; number += 1) {
    // Attributes are kept in lower case: a listing by another spelling looks at all of them.
    const attributes = { load: String(number), model: 'Absent' }
    ok(registry.createThing({ thingName: `t-${number}`, attributePayload: { attributes } }, 0))
  }
  return opened
}

function countSteps(work: Sliced<unknown>): number {
  let steps = 0
  while (work.next().done !== true) steps += 1
  return steps
}
