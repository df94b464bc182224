/** Dynamic groups of large fleets: built in slices, whatever happens meanwhile. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Registry } from '../src/index.ts'
import { ok, openTestRegistry, type MapRecords, type TestRegistry } from './open-test-registry.ts'

const FLEET = 2500

it('gateway G78: a group is BUILDING until the whole fleet has been judged', () => {
  const { registry, told } = openFleet()
  create(registry, 'NOT attributes.parity:odd')
  expect(status(registry)).toBe('BUILDING')
  expect(told.buildsWait).toBe(1)
  const first = members(registry).length
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(FLEET / 2)
  expect(registry.buildDynamicGroups()).toBe(true)
  expect(members(registry).length).toBeGreaterThan(first)
  build(registry)
  expect(status(registry)).toBe('ACTIVE')
  expect(members(registry)).toEqual(search(registry, 'NOT attributes.parity:odd'))
})

it('gateway G78: a small fleet, and what an index finds quickly, is ACTIVE when it answers', () => {
  const { registry, told } = openFleet()
  create(registry, 'thingName:t-7')
  expect(status(registry)).toBe('ACTIVE')
  expect(members(registry)).toEqual(['t-7'])
  expect(told.buildsWait).toBe(0)
  expect(registry.buildDynamicGroups()).toBe(false)
})

it('gateway G78, jobs J75: who needs all members now ends the build', () => {
  const { registry, records } = openFleet()
  create(registry, '*')
  expect(status(registry)).toBe('BUILDING')
  registry.completeDynamicGroup('D')
  expect([status(registry), members(registry).length]).toEqual(['ACTIVE', FLEET])
  expect(records.kinds.get('dynamicGroupBuild')?.size).toBe(0)
  registry.completeDynamicGroup('D')
  registry.completeDynamicGroup('absent')
  expect(registry.buildDynamicGroups()).toBe(false)
})

it('gateway G78: another query makes an ACTIVE group REBUILDING', () => {
  const { registry } = openFleet()
  create(registry, 'attributes.parity:even')
  build(registry)
  update(registry, 'attributes.parity:odd')
  expect(status(registry)).toBe('REBUILDING')
  build(registry)
  expect(status(registry)).toBe('ACTIVE')
  expect(members(registry)).toEqual(search(registry, 'attributes.parity:odd'))
})

it('gateway G78: another query in the middle begins anew; the group is still BUILDING', () => {
  const { registry } = openFleet()
  create(registry, '*')
  registry.buildDynamicGroups()
  update(registry, 'attributes.parity:odd')
  expect(status(registry)).toBe('BUILDING')
  build(registry)
  expect(members(registry)).toEqual(search(registry, 'attributes.parity:odd'))
})

it('gateway G78: a group deleted in the middle is built no further', () => {
  const { registry, records } = openFleet()
  create(registry, '*')
  ok(registry.deleteDynamicThingGroup({ thingGroupName: 'D' }, 0))
  expect(registry.buildDynamicGroups()).toBe(false)
  expect(registry.groupsOfThing('t-1')).toEqual([])
  expect(records.kinds.get('dynamicGroupBuild')?.size).toBe(0)
})

it('gateway G78: another index judges the fleet again, in slices', () => {
  const { registry, connectivity, told } = openFleet()
  create(registry, 'NOT thingName:t-1')
  build(registry)
  connectivity.set('t-1', { connected: true, timestampMs: 1 })
  const waited = told.buildsWait
  index(registry, 'STATUS')
  expect(status(registry)).toBe('REBUILDING')
  expect(told.buildsWait).toBe(waited + 1)
  build(registry)
  update(registry, 'connectivity.connected:true')
  build(registry)
  expect(members(registry)).toEqual(['t-1'])
  index(registry, 'OFF')
  build(registry)
  expect(members(registry)).toEqual([])
  index(registry, 'OFF')
  expect(status(registry)).toBe('ACTIVE')
})

it('gateway G78: while the index is off nothing is built; switched on, all is', () => {
  const { registry } = openFleet()
  create(registry, 'attributes.parity:even')
  const thingIndexingConfiguration = { thingIndexingMode: 'OFF' as const }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  const frozen = members(registry)
  expect(registry.buildDynamicGroups()).toBe(false)
  expect(members(registry)).toEqual(frozen)
  index(registry, 'OFF')
  build(registry)
  expect(members(registry)).toEqual(search(registry, 'attributes.parity:even'))
})

it('gateway G78: a restart in the middle goes on where it was', () => {
  const { registry, records } = openFleet()
  create(registry, 'attributes.parity:even')
  const before = members(registry)
  const again = openTestRegistry(records)
  again.registry.resumeDynamicGroups()
  expect(again.told.buildsWait).toBe(1)
  expect(status(again.registry)).toBe('BUILDING')
  expect(members(again.registry)).toEqual(before)
  build(again.registry)
  expect(status(again.registry)).toBe('ACTIVE')
  expect(members(again.registry)).toEqual(search(again.registry, 'attributes.parity:even'))
})

it('gateway G78: a start ends memberships by connections that are gone, before it serves', () => {
  const { registry, records, connectivity } = openFleet()
  index(registry, 'STATUS')
  for (let at = 0; at < FLEET; at += 1) {
    connectivity.set(`t-${at}`, { connected: true, timestampMs: 1 })
  }
  create(registry, 'connectivity.connected:true')
  build(registry)
  expect(members(registry)).toHaveLength(FLEET)
  const again = openTestRegistry(records)
  again.registry.resumeDynamicGroups()
  expect(members(again.registry)).toEqual([])
  expect(status(again.registry)).toBe('ACTIVE')
})

it('design 9: a reset forgets what was to be built', () => {
  const { registry, records } = openFleet()
  create(registry, '*')
  records.kinds.clear()
  registry.reload()
  expect(registry.buildDynamicGroups()).toBe(false)
})

type Step = (opened: TestRegistry) => unknown
const thingName = fc.integer({ min: 0, max: FLEET + 50 }).map((number) => `t-${number}`)
const query = fc.constantFrom(
  'attributes.parity:even',
  'attributes.parity:odd AND NOT thingName:t-1*',
  'thingGroupNames:g',
  'attributes.mark:x OR connectivity.connected:true',
  'thingName:t-2*',
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(thingName, fc.constantFrom('even', 'odd'), fc.boolean()).map(
    ([name, parity, marked]): Step =>
      ({ registry }) =>
        registry.updateThing(
          {
            thingName: name,
            attributePayload: { attributes: { parity, mark: marked ? 'x' : '' } },
          },
          0,
        ),
  ),
  thingName.map(
    (name): Step =>
      ({ registry }) =>
        registry.createThing({ thingName: name }, 0),
  ),
  thingName.map(
    (name): Step =>
      ({ registry }) =>
        registry.deleteThing({ thingName: name }, 0),
  ),
  fc
    .tuple(thingName, fc.boolean())
    .map(([name, connected]): Step => ({ registry, connectivity }) => {
      connectivity.set(name, { connected, timestampMs: 1 })
      registry.connectivityChanged(name)
    }),
  fc.tuple(thingName, fc.boolean()).map(([name, adds]): Step => ({ registry }) => {
    const pair = { thingName: name, thingGroupName: 'G' }
    return adds
      ? registry.addThingToThingGroup(pair, 0)
      : registry.removeThingFromThingGroup(pair, 0)
  }),
  // Taken back: the second group does not exist.
  thingName.map(
    (name): Step =>
      ({ registry }) =>
        registry.updateThingGroupsForThing(
          { thingName: name, thingGroupsToAdd: ['G', 'absent'] },
          0,
        ),
  ),
  query.map(
    (queryString): Step =>
      ({ registry }) =>
        update(registry, queryString),
  ),
  fc.constant<Step>(({ registry }) => registry.buildDynamicGroups()),
)

it('gateway G78: whatever happens meanwhile, a built group holds what its query finds', () => {
  fc.assert(
    fc.property(query, fc.array(step, { maxLength: 40 }), (first, steps) => {
      const opened = openFleet()
      const { registry } = opened
      index(registry, 'STATUS')
      ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
      create(registry, first)
      for (const apply of steps) apply(opened)
      build(registry)
      const { queryString = '' } = ok(registry.describeThingGroup({ thingGroupName: 'D' }, 0))
      expect(members(registry)).toEqual(search(registry, queryString))
    }),
    { numRuns: 25 },
  )
})

/** Things `t-0` to `t-2499`, whose attribute says whether the number is even or odd. */
function openFleet(records?: MapRecords): TestRegistry {
  const opened = openTestRegistry(records)
  const { registry } = opened
  index(registry, 'OFF')
  for (let number = 0; number < FLEET; number += 1) {
    const parity = number % 2 === 0 ? 'even' : 'odd'
    const attributePayload = { attributes: { parity } }
    ok(registry.createThing({ thingName: `t-${number}`, attributePayload }, 0))
  }
  return opened
}

function index(registry: Registry, thingConnectivityIndexingMode: 'OFF' | 'STATUS'): void {
  const thingIndexingConfiguration = {
    thingIndexingMode: 'REGISTRY' as const,
    thingConnectivityIndexingMode,
  }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
}

function create(registry: Registry, queryString: string): void {
  ok(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString }, 0))
}

function update(registry: Registry, queryString: string): void {
  const input = { thingGroupName: 'D', queryString, thingGroupProperties: {} }
  ok(registry.updateDynamicThingGroup(input, 0))
}

function build(registry: Registry): void {
  for (let slices = 0; registry.buildDynamicGroups(); slices += 1) expect(slices).toBeLessThan(100)
}

function status(registry: Registry): string | undefined {
  return ok(registry.describeThingGroup({ thingGroupName: 'D' }, 0)).status
}

function members(registry: Registry): string[] {
  return walk((nextToken) => {
    const page = { thingGroupName: 'D', maxResults: 250, nextToken }
    const { things = [], nextToken: next } = ok(registry.listThingsInThingGroup(page, 0))
    return { names: things, next }
  })
}

function search(registry: Registry, queryString: string): string[] {
  const found = walk((nextToken) => {
    const page = { queryString, maxResults: 500, nextToken }
    const { things = [], nextToken: next } = ok(registry.searchIndex(page, 0))
    return { names: things.map(({ thingName: name = '' }) => name), next }
  })
  return found.sort()
}

function walk(
  pageAt: (token: string | undefined) => { names: string[]; next: string | undefined },
): string[] {
  const names: string[] = []
  let token: string | undefined
  do {
    const page = pageAt(token)
    names.push(...page.names)
    token = page.next
  } while (token !== undefined)
  return names
}
