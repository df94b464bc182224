/** Shadows in the index: which are searchable, by what, what is shown, and who follows them. */
import type { ThingIndexingConfiguration } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import type { Registry, RegistryChange } from '../src/index.ts'
import { code, ok, openTestRegistry, said, type TestRegistry } from './open-test-registry.ts'

const CLASSIC: ThingIndexingConfiguration = { thingIndexingMode: 'REGISTRY_AND_SHADOW' }
const NAMED: ThingIndexingConfiguration = {
  thingIndexingMode: 'REGISTRY',
  namedShadowIndexingMode: 'ON',
  filter: { namedShadowNames: ['cfg', '$package'] },
}
const BOTH: ThingIndexingConfiguration = { ...NAMED, ...CLASSIC }

function configure(registry: Registry, things: Partial<ThingIndexingConfiguration>): string {
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const, ...things }
  return said(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
}

/** Things `a`, `b` and `c`, of which `a` has a classic shadow and `b` named ones. */
function openShadows(things: Partial<ThingIndexingConfiguration> = BOTH): TestRegistry {
  const opened = openTestRegistry()
  for (const thingName of ['a', 'b', 'c']) ok(opened.registry.createThing({ thingName }, 0))
  configure(opened.registry, things)
  const metadata = '{}'
  opened.shadows.set('a/', {
    version: 3,
    state:
      '{"desired":{"t":{"c":21}},"reported":{"t":{"c":20,"on":true},"fw":"1.0","big":12345678901234567890,' +
      '"l":["x",5,[6],{"o":7}],"a.b":{"c":"dots"},"e":{},"n":1.50}}',
    metadata: '{"reported":{"fw":{"timestamp":1700000000}}}',
    delta: '{"t":{"c":21}}',
  })
  opened.shadows.set('b/cfg', {
    version: 1,
    state: '{"reported":{"mode":"eco"}}',
    metadata,
    delta: undefined,
  })
  opened.shadows.set('b/$package', {
    version: 1,
    state: '{"reported":{"app":{"version":"2.0"}}}',
    metadata,
    delta: undefined,
  })
  opened.shadows.set('b/other', {
    version: 1,
    state: '{"reported":{"mode":"eco"}}',
    metadata,
    delta: undefined,
  })
  return opened
}

function found(registry: Registry, queryString: string): unknown {
  const outcome = registry.searchIndex({ queryString }, 0)
  return outcome.ok ? outcome.value.things?.map(({ thingName }) => thingName) : code(outcome)
}

describe('neighbours N46, N47: queries', () => {
  const { registry } = openShadows()

  it.each([
    ['shadow.reported.fw:1.0', ['a']],
    ['shadow.reported.fw:1*', ['a']],
    ['shadow.reported.fw:*', ['a']],
    ['shadow.reported.fw:1', []],
    ['NOT shadow.reported.fw:1.0', ['b', 'c']],
    ['shadow.desired.t.c:21', ['a']],
    ['shadow.desired.t.c:21.0', ['a']],
    ['shadow.reported.t.c<21', ['a']],
    ['shadow.reported.t.c>=20 AND shadow.reported.t.c:{19 TO 20]', ['a']],
    ['shadow.reported.t.c>20', []],
    ['shadow.reported.n:1.5', ['a']],
    ['shadow.reported.t.on:TRUE', ['a']],
    ['shadow.reported.t:*', []],
    ['shadow.reported.e:*', []],
    ['shadow.reported.l:x', ['a']],
    ['shadow.reported.l:5', ['a']],
    ['shadow.reported.l:6', []],
    ['shadow.reported.l.o:7', []],
    ['shadow.reported.a.b.c:dots', ['a']],
    ['shadow.delta.t.c:21', ['a']],
    ['shadow.hasDelta:true', ['a']],
    ['shadow.hasDelta:false', []],
    ['shadow.metadata.reported.fw.timestamp>1600000000', ['a']],
    ['shadow.reported.constructor:*', []],
    ['shadow.name.cfg.reported.mode:ECO', ['b']],
    ['shadow.name.cfg.hasDelta:false', ['b']],
    ['shadow.name.$package.reported.app.version:2.0', ['b']],
    ['shadow.name.\\$package.reported.app.version:2*', ['b']],
    ['shadow.name.other.reported.mode:eco', []],
    ['eco', []],
  ])('%s finds %j', (query, things) => {
    expect(found(registry, query)).toEqual(things)
  })

  it.each([
    'shadow.version:3',
    'shadow.reported:x',
    'shadow.hasDelta.x:true',
    'shadow.name.cfg.version:1',
    'shadow.name.cfg.delta.mode:x',
    'shadow.name.cfg.metadata.mode:x',
    'shadow.name.cfg:x',
    'shadow.bogus.x:1',
  ])('%s is no field', (query) => {
    expect(found(registry, query)).toBe('InvalidQueryException')
  })
})

it('neighbours N45, N46: fields are there while their shadows are indexed', () => {
  const notIndexed =
    'InvalidRequestException: Query includes one or more constraints for Shadow attribute, ' +
    'but Shadow indexing is not enabled for AWS_Things index'
  const classic = { queryString: 'shadow.reported.fw:1.0' }
  const named = { queryString: 'shadow.name.cfg.reported.mode:eco' }
  const without = openShadows({ thingIndexingMode: 'REGISTRY' }).registry
  expect(said(without.searchIndex(classic, 0))).toBe(notIndexed)
  expect(code(without.searchIndex(named, 0))).toBe('InvalidQueryException')
  const { registry } = openShadows(NAMED)
  expect(said(registry.searchIndex(classic, 0))).toBe(notIndexed)
  expect(code(registry.searchIndex(named, 0))).toBe('ok')
  const onlyClassic = openShadows(CLASSIC).registry
  expect(code(onlyClassic.searchIndex(classic, 0))).toBe('ok')
  expect(code(onlyClassic.searchIndex(named, 0))).toBe('InvalidQueryException')
})

it('neighbours N45: ten named shadows and $package, no more', () => {
  const { registry } = openTestRegistry()
  const names = Array.from({ length: 10 }, (_, index) => `s${index}`)
  const on = (namedShadowNames: string[]): string =>
    configure(registry, { ...NAMED, filter: { namedShadowNames } })
  expect(on([...names, '$package'])).toBe('ok')
  expect(on([...names, 'more'])).toMatch(/^InvalidRequestException/)
})

it('neighbours N48: a dynamic group has five terms at most', () => {
  const { registry } = openShadows()
  const create = (thingGroupName: string, terms: number): string => {
    const queryString = Array.from({ length: terms }, () => 'shadow.reported.fw:1').join(' OR ')
    return code(registry.createDynamicThingGroup({ thingGroupName, queryString }, 0))
  }
  expect(create('five', 5)).toBe('ok')
  expect(create('six', 6)).toBe('InvalidQueryException')
})

describe('neighbours N49: the shadow of a document', () => {
  const documents = (things: Partial<ThingIndexingConfiguration>): (string | undefined)[] =>
    (ok(openShadows(things).registry.searchIndex({ queryString: '*' }, 0)).things ?? []).map(
      ({ shadow }) => shadow,
    )

  it('is one JSON text of all indexed shadows, its numbers as they were sent', () => {
    const [a, b, c] = documents(BOTH)
    expect(a).toContain('"big":12345678901234567890')
    expect(JSON.parse(a ?? '')).toMatchObject({
      desired: { t: { c: 21 } },
      reported: { fw: '1.0' },
      delta: { t: { c: 21 } },
      metadata: { reported: { fw: { timestamp: 1_700_000_000 } } },
      hasDelta: true,
      version: 3,
    })
    expect(JSON.parse(b ?? '')).toEqual({
      name: {
        cfg: { reported: { mode: 'eco' }, metadata: {}, hasDelta: false, version: 1 },
        $package: {
          reported: { app: { version: '2.0' } },
          metadata: {},
          hasDelta: false,
          version: 1,
        },
      },
    })
    expect(c).toBeUndefined()
  })

  it('is absent while the mode is off', () => {
    expect(documents({ thingIndexingMode: 'REGISTRY' })).toEqual([undefined, undefined, undefined])
    expect(documents(CLASSIC)).toEqual([expect.any(String), undefined, undefined])
    expect(documents(NAMED)).toEqual([undefined, expect.any(String), undefined])
  })
})

it('neighbours N50: custom fields name shadows that are indexed', () => {
  const { registry } = openTestRegistry()
  const custom = (things: ThingIndexingConfiguration, name: string): string => {
    const customFields = [{ name, type: 'Number' as const }]
    const thingIndexingConfiguration = { ...things, customFields }
    return code(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  }
  const classic = 'shadow.reported.t.c'
  const named = 'shadow.name.cfg.reported.mode'
  expect(custom(BOTH, classic)).toBe('ok')
  expect(custom(BOTH, named)).toBe('ok')
  expect(custom(BOTH, 'shadow.name.other.reported.mode')).toBe('InvalidRequestException')
  expect(custom(BOTH, 'shadow.reported')).toBe('InvalidRequestException')
  expect(custom(CLASSIC, named)).toBe('InvalidRequestException')
  expect(custom(NAMED, classic)).toBe('InvalidRequestException')
})

it('neighbours N51: shadows are summed up', () => {
  const { registry, shadows } = openShadows({
    ...BOTH,
    customFields: [
      { name: 'shadow.reported.t.c', type: 'Number' },
      { name: 'shadow.reported.fw', type: 'String' },
    ],
  })
  const other = shadows.get('a/')
  if (other === undefined) throw new Error('no shadow')
  shadows.set('c/', { ...other, version: 5, state: '{"reported":{"t":{"c":30},"fw":"2.0"}}' })
  const of = (aggregationField: string): { queryString: string; aggregationField: string } => ({
    queryString: '*',
    aggregationField,
  })
  expect(ok(registry.getStatistics(of('shadow.reported.t.c'), 0)).statistics).toMatchObject({
    count: 2,
    average: 25,
    minimum: 20,
    maximum: 30,
  })
  expect(ok(registry.getStatistics(of('shadow.version'), 0)).statistics).toMatchObject({ sum: 8 })
  expect(ok(registry.getCardinality(of('shadow.reported.fw'), 0)).cardinality).toBe(2)
  expect(ok(registry.getPercentiles(of('shadow.reported.t.c'), 0)).percentiles).toHaveLength(7)
  const type = { termsAggregation: { maxBuckets: 5 } }
  expect(
    ok(
      registry.getBucketsAggregation(
        { ...of('shadow.reported.fw'), bucketsAggregationType: type },
        0,
      ),
    ).buckets,
  ).toEqual([
    { keyValue: '1.0', count: 1 },
    { keyValue: '2.0', count: 1 },
  ])
  expect(code(registry.getStatistics(of('shadow.reported.other'), 0))).toBe(
    'InvalidAggregationException',
  )
})

describe('neighbours N52: dynamic groups', () => {
  const members = (registry: Registry, group: string): string[] => [
    ...registry.thingsInGroup(group),
  ]
  const joined = (changes: readonly RegistryChange[]): string[] =>
    changes.flatMap((change) =>
      change.kind === 'thingGroupMembership'
        ? [`${change.added ? '+' : '-'}${change.thingName} ${change.thingGroupName}`]
        : [],
    )

  it('move things as their shadows change, and by the shadow they ask for alone', () => {
    const { registry, shadows, changes } = openShadows()
    for (const [thingGroupName, queryString] of [
      ['old', 'shadow.reported.fw:1.0'],
      ['new', 'shadow.reported.fw:2.0'],
      ['eco', 'shadow.name.cfg.reported.mode:eco'],
      ['rest', 'NOT shadow.reported.fw:*'],
    ] as const) {
      ok(registry.createDynamicThingGroup({ thingGroupName, queryString }, 0))
    }
    expect(members(registry, 'old')).toEqual(['a'])
    expect(members(registry, 'eco')).toEqual(['b'])
    expect(members(registry, 'rest')).toEqual(['b', 'c'])
    changes.length = 0
    const shadow = shadows.get('b/cfg')
    if (shadow === undefined) throw new Error('no shadow')
    shadows.set('a/', { ...shadow, state: '{"reported":{"fw":"2.0"}}' })
    registry.shadowChanged('a', 'cfg')
    expect(joined(changes)).toEqual([])
    registry.shadowChanged('a', '')
    expect(joined(changes)).toEqual(['-a old', '+a new'])
    changes.length = 0
    shadows.delete('a/')
    registry.shadowChanged('a', '')
    expect(joined(changes)).toEqual(['-a new', '+a rest'])
    shadows.set('nobody/', { ...shadow, state: '{"reported":{"fw":"2.0"}}' })
    registry.shadowChanged('nobody', '')
    expect(members(registry, 'new')).toEqual([])
    ok(registry.createThing({ thingName: 'nobody' }, 0))
    expect(members(registry, 'new')).toEqual(['nobody'])
  })

  it('are judged again when other shadows are indexed', () => {
    const { registry } = openShadows(BOTH)
    const queryString = 'shadow.name.cfg.reported.mode:eco'
    ok(registry.createDynamicThingGroup({ thingGroupName: 'eco', queryString }, 0))
    expect(members(registry, 'eco')).toEqual(['b'])
    configure(registry, { ...BOTH, filter: { namedShadowNames: ['other'] } })
    expect(members(registry, 'eco')).toEqual([])
    configure(registry, BOTH)
    expect(members(registry, 'eco')).toEqual(['b'])
    configure(registry, { thingIndexingMode: 'REGISTRY' })
    registry.shadowChanged('b', 'cfg')
    expect(members(registry, 'eco')).toEqual([])
  })
})
