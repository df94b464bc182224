/** Installed packages in the index: any package, texts without an order, how many there are. */
import type { ThingIndexingConfiguration } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { code, ok, openTestRegistry, said, type TestRegistry } from './open-test-registry.ts'

const FIELD = 'shadow.name.$package.reported'

function opened(things: Partial<ThingIndexingConfiguration> = {}): TestRegistry {
  const world = openTestRegistry()
  const installed = {
    a: { app: { version: '1.0.0', attributes: { k: '1600', version: '9' } }, os: { version: '7' } },
    b: { app: { version: '1.1.0', attributes: { k: '90' } }, 'lib.x': { version: '2' } },
    c: {},
  }
  for (const [thingName, reported] of Object.entries(installed)) {
    ok(world.registry.createThing({ thingName }, 0))
    const state = JSON.stringify({ reported })
    const shadow = { version: 1, state, metadata: '{}', delta: undefined }
    world.shadows.set(`${thingName}/$package`, shadow)
  }
  ok(world.registry.createThing({ thingName: 'd' }, 0))
  configure(world, things)
  return world
}

function configure(
  { registry }: TestRegistry,
  things: Partial<ThingIndexingConfiguration>,
): string {
  const thingIndexingConfiguration: ThingIndexingConfiguration = {
    thingIndexingMode: 'REGISTRY_AND_SHADOW',
    namedShadowIndexingMode: 'ON',
    ...things,
  }
  return said(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
}

function found({ registry }: TestRegistry, queryString: string): unknown {
  const outcome = registry.searchIndex({ queryString }, 0)
  return outcome.ok ? outcome.value.things?.map(({ thingName }) => thingName) : code(outcome)
}

describe('neighbours N75: queries', () => {
  const world = opened()

  it.each([
    [`${FIELD}.app.version:1.0.0`, ['a']],
    [`${FIELD}.app.version:1.*`, ['a', 'b']],
    [`${FIELD}.lib.x.version:2`, ['b']],
    [`${FIELD}.*.version:7`, ['a']],
    [`${FIELD}.*.attributes.k>1500`, ['a']],
    [`${FIELD}.*.attributes.k<100`, ['b']],
    [`${FIELD}.app.attributes.version>8`, ['a']],
    [`${FIELD}.totalCount:2`, ['a', 'b']],
    [`${FIELD}.totalCount<1`, ['c']],
    [`NOT ${FIELD}.app.version:*`, ['c', 'd']],
    [`${FIELD}.app.version>1`, 'InvalidQueryException'],
    [`${FIELD}.*.version:[1 TO 2]`, 'InvalidQueryException'],
    [`${FIELD}.*.other:1`, 'InvalidQueryException'],
    [`${FIELD}.a*.version:1`, 'InvalidQueryException'],
    ['shadow.name.*.reported.app.version:1', 'InvalidQueryException'],
  ])('%s finds %j', (query, things) => {
    expect(found(world, query)).toEqual(things)
  })
})

describe('neighbours N75, N45: $package need not be named', () => {
  const refused =
    'InvalidRequestException: ' +
    'NamedShadowNames Filter must not be empty for enabling NamedShadowIndexingMode'

  it('beside classic shadows; other configurations without a filter are refused as measured', () => {
    const world = openTestRegistry()
    expect(configure(world, {})).toBe('ok')
    expect(configure(world, { thingIndexingMode: 'REGISTRY' })).toBe(refused)
    expect(configure(world, { filter: {} })).toBe(refused)
    expect(configure(world, { filter: { namedShadowNames: [] } })).toBe(refused)
    const field = (name: string): ThingIndexingConfiguration['customFields'] => [
      { name, type: 'String' },
    ]
    expect(configure(world, { customFields: field('shadow.name.cfg.desired.x') })).toBe(refused)
    expect(configure(world, { customFields: field(`${FIELD}.app.version`) })).toBe('ok')
    expect(configure(world, { customFields: field('shadow.desired.x') })).toBe('ok')
  })

  it('it is indexed beside those that are', () => {
    const world = opened({ thingIndexingMode: 'REGISTRY', filter: { namedShadowNames: ['cfg'] } })
    expect(found(world, `${FIELD}.app.version:1.0.0`)).toEqual(['a'])
  })
})

it('neighbours N51, N52: groups follow versions, and their counts are right', () => {
  const customFields = [{ name: `${FIELD}.app.version`, type: 'String' as const }]
  const { registry, shadows } = opened({ customFields })
  const queryString = `${FIELD}.app.version:1.0.0`
  ok(registry.createDynamicThingGroup({ thingGroupName: 'old', queryString }, 0))
  const newer = `${FIELD}.*.version:1.1.0`
  ok(registry.createDynamicThingGroup({ thingGroupName: 'any', queryString: newer }, 0))
  const before = shadows.get('b/$package')
  if (before === undefined) throw new Error('no shadow')
  shadows.set('a/$package', before)
  registry.shadowChanged('a', '$package')
  expect([...registry.thingsInGroup('old')]).toEqual([])
  expect([...registry.thingsInGroup('any')]).toEqual(['a', 'b'])
  const count = registry.getStatistics(
    { queryString: `${FIELD}.app.version:1.1.0`, aggregationField: `${FIELD}.app.version` },
    0,
  )
  expect(ok(count).statistics).toEqual({ count: 2 })
})
