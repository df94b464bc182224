/** The fleet query language through SearchIndex: one small fleet, one table of queries. */
import { describe, expect, it } from 'vitest'
import { code, ok, openTestRegistry, said, type TestRegistry } from './open-test-registry.ts'

function openFleet(): TestRegistry {
  const opened = openTestRegistry()
  const { registry, connectivity } = opened
  ok(
    registry.updateIndexingConfiguration(
      {
        thingIndexingConfiguration: {
          thingIndexingMode: 'REGISTRY',
          thingConnectivityIndexingMode: 'STATUS',
        },
      },
      0,
    ),
  )
  ok(registry.createThingType({ thingTypeName: 'Sensor' }, 0))
  ok(registry.createThingGroup({ thingGroupName: 'north-group' }, 0))
  ok(registry.createBillingGroup({ billingGroupName: 'bill' }, 0))
  const create = (
    thingName: string,
    attributes: Record<string, string>,
    rest: { thingTypeName?: string; billingGroupName?: string } = {},
  ): unknown =>
    ok(registry.createThing({ thingName, attributePayload: { attributes }, ...rest }, 0))
  create('alpha-1', { site: 'North', count: '75' }, { thingTypeName: 'Sensor' })
  create('alpha-2', { site: 'south', count: '80', serial: 'abce' }, { billingGroupName: 'bill' })
  create('beta-1', { count: '9', serial: 'abcz' }, { thingTypeName: 'Sensor' })
  create('Gamma', { 'a:b': 'x' })
  ok(registry.addThingToThingGroup({ thingName: 'alpha-1', thingGroupName: 'north-group' }, 0))
  connectivity.set('alpha-1', { connected: true, timestampMs: 2000 })
  connectivity.set('beta-1', {
    connected: false,
    timestampMs: 1000,
    disconnectReason: 'CONNECTION_LOST',
  })
  return opened
}

const ALL = ['alpha-1', 'alpha-2', 'beta-1', 'Gamma']

describe('gateway G79', () => {
  const { registry } = openFleet()
  const search = (queryString: string): string[] =>
    (ok(registry.searchIndex({ queryString }, 0)).things ?? [])
      .map(({ thingName }) => thingName ?? '')
      .sort((one, other) => ALL.indexOf(one) - ALL.indexOf(other))

  it.for<[query: string, found: string[]]>([
    ['*', ALL],
    ['thingName:alpha-1', ['alpha-1']],
    ['thingName:ALPHA-1', ['alpha-1']],
    ['thingName:gamma', ['Gamma']],
    ['thingName:alpha', []],
    ['thingName:"alpha-1"', ['alpha-1']],
    ['thingName:alpha*', ['alpha-1', 'alpha-2']],
    ['thingName:"alpha*"', []],
    ['thingName:alpha\\*', []],
    ['thingName:Alpha-?', ['alpha-1', 'alpha-2']],
    ['thingName:a*-1', ['alpha-1']],
    ['thingTypeName:sensor', ['alpha-1', 'beta-1']],
    ['thingTypeName:*', ['alpha-1', 'beta-1']],
    ['thingGroupNames:north*', ['alpha-1']],
    ['thingGroupNames:bill', ['alpha-2']],
    ['attributes.site:north', ['alpha-1']],
    ['attributes.site:NORTH', ['alpha-1']],
    ['attributes.Site:north', []],
    ['attributes.site:*', ['alpha-1', 'alpha-2']],
    ['attributes.absent:x', []],
    ['attributes.a\\:b:x', ['Gamma']],
    ['attributes.count:[75 TO 80]', ['alpha-1', 'alpha-2']],
    ['attributes.count:{75 TO 80]', ['alpha-2']],
    ['attributes.count:[75 TO 80}', ['alpha-1']],
    ['attributes.count:[* TO 75]', ['alpha-1', 'beta-1']],
    ['attributes.count:[76 TO *]', ['alpha-2']],
    ['attributes.count:[-5 TO 10]', ['beta-1']],
    ['attributes.count>9', ['alpha-1', 'alpha-2']],
    ['attributes.count>=9', ['alpha-1', 'alpha-2', 'beta-1']],
    ['attributes.count<75.5', ['alpha-1', 'beta-1']],
    ['attributes.count<=80', ['alpha-1', 'alpha-2', 'beta-1']],
    ['attributes.site>5', []],
    ['attributes.serial:["abcd" TO "abcf"]', ['alpha-2']],
    ['attributes.serial:[abcd TO ABCZ]', ['alpha-2', 'beta-1']],
    ['alpha-1', ['alpha-1']],
    ['north', ['alpha-1']],
    ['alph*', ['alpha-1', 'alpha-2']],
    ['connectivity.connected:true', ['alpha-1']],
    ['connectivity.connected:false', ['alpha-2', 'beta-1', 'Gamma']],
    ['connectivity.timestamp>1500', ['alpha-1']],
    ['connectivity.disconnectReason:connection_lost', ['beta-1']],
    ['NOT connectivity.connected:true', ['alpha-2', 'beta-1', 'Gamma']],
    ['thingName:alpha* attributes.site:south', ['alpha-2']],
    ['thingName:alpha* AND attributes.site:south', ['alpha-2']],
    ['thingName:gamma OR thingName:beta-1', ['beta-1', 'Gamma']],
    ['thingName:gamma || thingName:beta-1', ['beta-1', 'Gamma']],
    ['thingTypeName:sensor && attributes.site:north', ['alpha-1']],
    ['NOT thingTypeName:sensor', ['alpha-2', 'Gamma']],
    ['-thingTypeName:sensor', ['alpha-2', 'Gamma']],
    ['!thingTypeName:sensor', ['alpha-2', 'Gamma']],
    ['thingName:alpha* NOT thingTypeName:sensor', ['alpha-2']],
    ['thingName:alpha* -thingTypeName:sensor', ['alpha-2']],
    ['NOT thingName:alpha* AND thingTypeName:sensor', ['beta-1']],
    ['thingName:(alpha* AND -alpha-2)', ['alpha-1']],
    ['attributes.site:(north OR south)', ['alpha-1', 'alpha-2']],
    ['(thingName:gamma OR thingName:alpha*) AND NOT thingTypeName:sensor', ['alpha-2', 'Gamma']],
    // AND binds tighter than OR, and OR tighter than what merely follows.
    ['thingName:gamma OR thingName:alpha* AND attributes.site:south', ['alpha-2', 'Gamma']],
    ['thingName:gamma OR thingName:alpha* attributes.site:south', ['alpha-2']],
    ['thingName:alpha* attributes.site:south OR thingName:gamma', ['alpha-2']],
    ['thingName:alpha* attributes.site:south OR attributes.site:north', ['alpha-1', 'alpha-2']],
    ['thingName:(gamma OR alpha* -alpha-2)', ['alpha-1', 'Gamma']],
    ['thingName:*a', ['Gamma']],
    ['thingName:*LPHA*', ['alpha-1', 'alpha-2']],
    ['thingName:*a AND NOT thingName:alpha*', ['Gamma']],
    ['*-1', ['alpha-1', 'beta-1']],
    ['attributes.site:a\\/b', []],
    ['attributes.site:"a/b@c"', []],
    ['(thingName:gamma OR thingName:alpha*) attributes.site:south', ['alpha-2']],
    ['attributes.count:75 AND attributes.site:North AND attributes.count<80', ['alpha-1']],
    ['attributes.constructor:x', []],
  ])('finds %s', ([query, found]) => {
    expect(search(query)).toEqual(found)
  })

  it.for<string>([
    '',
    ' ',
    'thingName:',
    'thingName:(a',
    'thingName:a)',
    '()',
    'AND thingName:a',
    'thingName:a AND',
    'thingName:a OR',
    'thingName:a NOT',
    'NOT',
    'NOT NOT thingName:a',
    'thingName:a AND OR thingName:b',
    'thingName:a OR AND thingName:b',
    'thingName:a ]',
    'thingName:"a',
    'attributes.count:>5',
    'thingName:[a',
    'thingName:[a TO',
    'thingName:[a b]',
    'thingName:[a TO b',
    'thingName:[TO b]',
    'thingName:]',
    'thingName:a\\',
    'thingName:(attributes.x:1)',
    'thingname:a',
    'ThingName:a',
    'bogus:1',
    'attributes:1',
    'attributes.:1',
    'shadow.name:x',
    'shadow.name.other.reported.a:1',
    'thingName:?a',
    'thingName:*a OR thingName:*b',
    `thingName:*a OR ${'thingName:x OR '.repeat(6)}thingName:y`,
    ...Array.from('`@#%;,', (character) => `attributes.site:a${character}b`),
    "attributes.site:a'b",
    'attributes.site:a/b',
    'thingName:a*b*c*',
    'thingName:a??????',
    'thingName:a~',
    'thingName:a^2',
    'thingName:/a/',
    '+thingName:a',
    `${'('.repeat(499)}thingName:a`,
    Array.from({ length: 13 }, () => 'thingName:a').join(' OR '),
  ])('refuses %s', (queryString) => {
    expect(code(registry.searchIndex({ queryString }, 0))).toBe('InvalidQueryException')
  })

  it.for<readonly [query: string, message: string]>([
    ['thingName:', 'Unable to parse query, invalid syntax'],
    ['bogus:1', 'Unable to parse query, invalid field name, field name: bogus'],
    ['bogus:1 OR thingName:', 'Unable to parse query, invalid syntax'],
    [
      'thingName:*a*b*',
      'Unable to parse query, invalid value - too many wildcards (*). ' +
        'The maximum allowed per term is 2, field name: thingName, value: *a*b*',
    ],
    [
      'thingName:?a',
      'Unable to parse query, invalid value - wildcard character (?) is not allowed ' +
        'at the start of the value, field name: thingName, value: ?a',
    ],
    ['+thingName:a', 'Unable to parse query, unsupported operator - "+"'],
    ['thingName:a~2', 'Unable to parse query, unsupported query type - fuzzy'],
    ['thingName:/a/', 'Unable to parse query, unsupported query type - regular expression'],
    ['thingName:a^2', 'Unable to parse query, unsupported query type - boost'],
    [
      'bogus:1 OR '.repeat(12) + 'thingName:a',
      'Unable to parse query, number of terms cannot exceed 12, terms found: 13',
    ],
  ])('says what is wrong with %s', ([queryString, message]) => {
    expect(said(registry.searchIndex({ queryString }, 0))).toBe(
      `InvalidQueryException: ${message}, query string: ${queryString}`,
    )
  })

  it('gateway A13: twelve terms and 1,000 characters are accepted, no more', () => {
    const twelve = Array.from({ length: 12 }, () => 'thingName:gamma').join(' OR ')
    expect(search(twelve)).toEqual(['Gamma'])
    expect(search(`thingName:${'a'.repeat(990)}`)).toEqual([])
    expect(code(registry.searchIndex({ queryString: `thingName:${'a'.repeat(991)}` }, 0))).toBe(
      'InvalidRequestException',
    )
  })

  it('gateway G79: a hostile pattern costs no more than its length times the value', () => {
    const opened = openFleet()
    const attributes = { long: 'a'.repeat(800) }
    ok(opened.registry.createThing({ thingName: 'L', attributePayload: { attributes } }, 0))
    const queryString = `attributes.long:a*${'a'.repeat(400)}*${'?'.repeat(5)}b`
    expect(ok(opened.registry.searchIndex({ queryString }, 0)).things).toEqual([])
  })
})

describe('gateway G80', () => {
  it('gateway G80: documents carry what a thing has', () => {
    const { registry } = openFleet()
    const find = (queryString: string): unknown =>
      ok(registry.searchIndex({ queryString }, 0)).things
    expect(find('thingName:alpha-1')).toEqual([
      {
        thingName: 'alpha-1',
        thingId: 'id-4',
        thingTypeName: 'Sensor',
        thingGroupNames: ['north-group'],
        attributes: { site: 'North', count: '75' },
        connectivity: { connected: true, timestamp: 2000 },
      },
    ])
  })

  it('gateway G80: an index that is off is not there, and there are two', () => {
    const { registry } = openTestRegistry()
    const search = (indexName?: string): string =>
      said(registry.searchIndex({ queryString: '*', indexName }, 0))
    const describe = (indexName: string): string => said(registry.describeIndex({ indexName }, 0))
    for (const indexName of ['AWS_Things', 'AWS_ThingGroups']) {
      expect(search(indexName)).toBe(
        `ResourceNotFoundException: Index ${indexName} does not exist. ` +
          'Please enable index by calling UpdateIndexingConfiguration',
      )
      expect(describe(indexName)).toBe(
        `ResourceNotFoundException: Index ${indexName} does not exist`,
      )
    }
    const unrecognized = 'InvalidRequestException: Unrecognized indexName Other'
    expect([search('Other'), describe('Other')]).toEqual([unrecognized, unrecognized])
    expect(search('')).toBe('InvalidRequestException: indexName cannot be empty.')
    expect(
      said(registry.searchIndex({ queryString: '*', indexName: 'Other', queryVersion: 'x' }, 0)),
    ).toBe('InvalidRequestException: Invalid queryVersion. Expected one of: [2017-09-30]')
    expect(code(registry.getThingConnectivityData({ thingName: 'T' }, 0))).toBe(
      'IndexNotReadyException',
    )
    expect(ok(registry.listIndices({}, 0)).indexNames).toEqual([])
    const things = { thingIndexingMode: 'REGISTRY' as const }
    ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration: things }, 0))
    expect(search()).toBe('ok')
    expect(ok(registry.listIndices({}, 0)).indexNames).toEqual(['AWS_Things'])
  })

  it.for<readonly [modes: object, schema: string]>([
    [{}, 'REGISTRY'],
    [{ thingIndexingMode: 'REGISTRY_AND_SHADOW' }, 'REGISTRY_AND_SHADOW'],
    [{ thingConnectivityIndexingMode: 'STATUS' }, 'REGISTRY_AND_CONNECTIVITY_STATUS'],
    [
      { thingIndexingMode: 'REGISTRY_AND_SHADOW', thingConnectivityIndexingMode: 'STATUS' },
      'REGISTRY_AND_SHADOW_AND_CONNECTIVITY_STATUS',
    ],
    [{ deviceDefenderIndexingMode: 'VIOLATIONS' }, 'MULTI_INDEXING_MODE'],
    [
      { namedShadowIndexingMode: 'ON', filter: { namedShadowNames: ['config'] } },
      'MULTI_INDEXING_MODE',
    ],
  ])('gateway G80: the schema of %j is %s', ([modes, schema]) => {
    const { registry } = openTestRegistry()
    const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const, ...modes }
    ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
    expect(ok(registry.describeIndex({ indexName: 'AWS_Things' }, 0))).toEqual({
      indexName: 'AWS_Things',
      indexStatus: 'ACTIVE',
      schema,
    })
  })

  it.for<readonly [field: string, refusal: string]>([
    [
      'connectivity.clientId',
      'InvalidRequestException: Query includes one or more constraints for Connectivity ' +
        'attribute, but Connectivity indexing is not enabled for AWS_Things index',
    ],
    [
      'deviceDefender.violationCount',
      'InvalidRequestException: Query includes one or more constraints for Devicedefender ' +
        'attribute, but Devicedefender indexing is not enabled for AWS_Things index',
    ],
  ])('gateway G79, G80: %s needs its indexing, and is not held even then', ([field, refusal]) => {
    const { registry } = openTestRegistry()
    const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
    ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
    const search = (): string =>
      said(registry.searchIndex({ queryString: `${field}:1 OR thingName:a` }, 0))
    expect(search()).toBe(refusal)
    const all = {
      thingIndexingMode: 'REGISTRY_AND_SHADOW' as const,
      thingConnectivityIndexingMode: 'STATUS' as const,
      deviceDefenderIndexingMode: 'VIOLATIONS' as const,
    }
    ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration: all }, 0))
    expect(search()).toMatch(/^InvalidQueryException: .*this server does not index/)
  })

  it('gateway G80: connectivity data, of things that never connected too', () => {
    const { registry } = openFleet()
    const get = (thingName: string): unknown => registry.getThingConnectivityData({ thingName }, 0)
    expect(get('alpha-1')).toMatchObject({
      value: {
        thingName: 'alpha-1',
        connected: true,
        timestamp: new Date(2000),
        disconnectReason: 'NONE',
      },
    })
    expect(get('beta-1')).toMatchObject({
      value: { connected: false, disconnectReason: 'CONNECTION_LOST' },
    })
    expect(get('Gamma')).toEqual({
      ok: true,
      value: { thingName: 'Gamma', connected: false, disconnectReason: 'UNKNOWN' },
    })
    expect(get('absent')).toMatchObject({ error: { code: 'ResourceNotFoundException' } })
  })

  it('gateway G80: the configuration is given back; modes that need others are refused', () => {
    const { registry } = openFleet()
    const configuration = ok(registry.getIndexingConfiguration({}, 0))
    expect(configuration.thingIndexingConfiguration).toMatchObject({
      thingIndexingMode: 'REGISTRY',
      thingConnectivityIndexingMode: 'STATUS',
    })
    expect(configuration.thingGroupIndexingConfiguration).toMatchObject({
      thingGroupIndexingMode: 'OFF',
    })
    const update = (input: object): string => said(registry.updateIndexingConfiguration(input, 0))
    const things = (more: object): string =>
      update({ thingIndexingConfiguration: { thingIndexingMode: 'OFF', ...more } })
    const needsThings = (mode: string): string =>
      `InvalidRequestException: ThingIndexingMode must be turned ON for enabling ${mode}`
    expect(things({ thingConnectivityIndexingMode: 'STATUS' })).toBe(
      needsThings('ThingConnectivityIndexingMode'),
    )
    expect(things({ namedShadowIndexingMode: 'ON' })).toBe(needsThings('NamedShadowIndexingMode'))
    expect(things({ deviceDefenderIndexingMode: 'VIOLATIONS' })).toBe(
      needsThings('DeviceDefenderIndexingMode'),
    )
    expect(update({})).toBe(
      'InvalidRequestException: At least one configuration to update ' +
        '(thingIndexingConfiguration / thingGroupIndexingConfiguration) is required',
    )
    expect(ok(registry.getIndexingConfiguration({}, 0))).toEqual(configuration)
  })

  it('gateway G80: named shadows are indexed with a filter of names; switching off forgets', () => {
    const { registry } = openTestRegistry()
    const update = (more: object): string =>
      said(
        registry.updateIndexingConfiguration(
          { thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY', ...more } },
          0,
        ),
      )
    const on = { namedShadowIndexingMode: 'ON' }
    const noNames =
      'InvalidRequestException: ' +
      'NamedShadowNames Filter must not be empty for enabling NamedShadowIndexingMode'
    expect(update(on)).toBe(noNames)
    expect(update({ ...on, filter: { namedShadowNames: [] } })).toBe(noNames)
    const filter = { namedShadowNames: ['config', '$package'] }
    expect(update({ ...on, filter })).toBe('ok')
    expect(ok(registry.getIndexingConfiguration({}, 0)).thingIndexingConfiguration).toMatchObject({
      ...on,
      filter,
      deviceDefenderIndexingMode: 'OFF',
    })
    expect(update({ thingIndexingMode: 'OFF', filter })).toBe('ok')
    expect(ok(registry.getIndexingConfiguration({}, 0)).thingIndexingConfiguration).toEqual({
      thingIndexingMode: 'OFF',
      thingConnectivityIndexingMode: 'OFF',
      deviceDefenderIndexingMode: 'OFF',
      namedShadowIndexingMode: 'OFF',
      managedFields: [],
    })
  })

  it.for<readonly [fields: object, message: string]>([
    [{ customFields: [{}] }, 'Custom field name cannot be nullFieldName: null, FieldType: null'],
    [
      { customFields: [{ type: 'String' }], managedFields: [{ name: 'x', type: 'String' }] },
      'Custom field name cannot be nullFieldName: null, FieldType: String',
    ],
    [
      { customFields: [{ name: 'attributes.a' }] },
      'Invalid field type: null. Expecting one of [String, Number, Boolean, Geopoint]',
    ],
    [
      { customFields: [{ name: 'registry.version', type: 'String' }] },
      'Defined field is a reserved field for MULTI_INDEXING_MODE. Field: registry.version',
    ],
    [
      {
        managedFields: [
          { name: 'thingId', type: 'String' },
          { name: 'a', type: 'String' },
          { name: 'thingName', type: 'Number' },
        ],
      },
      'Only managed fields with expected types are allowed in ' +
        'thingIndexingConfiguration.managedFields. ' +
        'Invalid field(s): [name:a, type:String, name:thingName, type:Number]',
    ],
  ])('gateway G80: fields that an index cannot have: %j', ([fields, message]) => {
    const { registry } = openTestRegistry()
    const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const, ...fields }
    expect(said(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))).toBe(
      `InvalidRequestException: ${message}`,
    )
  })

  it('gateway G80: managed fields are those of what is indexed', () => {
    const { registry } = openTestRegistry()
    const managed = (connectivity: 'OFF' | 'STATUS'): (string | undefined)[] => {
      const things = {
        thingIndexingMode: 'REGISTRY' as const,
        thingConnectivityIndexingMode: connectivity,
      }
      ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration: things }, 0))
      const configuration = ok(registry.getIndexingConfiguration({}, 0))
      return (configuration.thingIndexingConfiguration?.managedFields ?? []).map(({ name }) => name)
    }
    const registryFields = ['thingName', 'thingId'].concat(
      ['version', 'thingTypeName', 'thingGroupNames'].map((name) => `registry.${name}`),
    )
    expect(managed('OFF')).toEqual(registryFields)
    const count = { queryString: '*', aggregationField: 'connectivity.connected' }
    expect(code(registry.getStatistics(count, 0))).toBe('InvalidAggregationException')
    const connectivity = ['connected', 'timestamp', 'disconnectReason', 'clientId'].concat([
      'cleanSession',
      'keepAliveDuration',
      'sessionExpiry',
      'version',
    ])
    expect(managed('STATUS')).toEqual([
      ...registryFields,
      ...connectivity.map((name) => `connectivity.${name}`),
    ])
    expect(code(registry.getStatistics(count, 0))).toBe('ok')
  })

  it.for<[fields: string[], answer: string]>([
    [['attributes.a', 'attributes.b:c/d'], 'ok'],
    [['attributes.a', 'attributes.b', 'attributes.c', 'attributes.d', 'attributes.e'], 'ok'],
    [Array.from('abcdef', (name) => `attributes.${name}`), 'InvalidRequestException'],
    [['foo bar'], 'InvalidRequestException'],
    [['attributes.foo bar'], 'InvalidRequestException'],
    [['attributes.'], 'InvalidRequestException'],
    [['attributes.a', 'attributes.a'], 'InvalidRequestException'],
    [['thingName'], 'InvalidRequestException'],
    [['registry.version'], 'InvalidRequestException'],
    [['shadow.reported.x'], 'InvalidRequestException'],
    [[''], 'InvalidRequestException'],
  ])('gateway G80: custom fields %j: %s', ([names, answer]) => {
    const { registry } = openTestRegistry()
    const customFields = names.map((name) => ({ name, type: 'String' as const }))
    const things = { thingIndexingMode: 'REGISTRY' as const, customFields }
    const groups = { thingGroupIndexingMode: 'ON' as const, customFields }
    for (const input of [
      { thingIndexingConfiguration: things },
      { thingGroupIndexingConfiguration: groups },
    ]) {
      expect(code(registry.updateIndexingConfiguration(input, 0))).toBe(answer)
    }
  })

  it('gateway G80: AWS_ThingGroups finds groups by name, description, attributes and parents', () => {
    const { registry } = openTestRegistry()
    const thingGroupIndexingConfiguration = { thingGroupIndexingMode: 'ON' as const }
    ok(registry.updateIndexingConfiguration({ thingGroupIndexingConfiguration }, 0))
    const attributePayload = { attributes: { a: '1' } }
    ok(
      registry.createThingGroup(
        { thingGroupName: 'A', thingGroupProperties: { attributePayload } },
        0,
      ),
    )
    ok(registry.createThingGroup({ thingGroupName: 'B', parentGroupName: 'A' }, 0))
    const find = (queryString: string): unknown =>
      ok(registry.searchIndex({ queryString, indexName: 'AWS_ThingGroups' }, 0)).thingGroups?.map(
        (group) => group.thingGroupName,
      )
    expect(find('*')).toEqual(['A', 'B'])
    expect(find('attributes.a:1')).toEqual(['A'])
    expect(find('parentGroupNames:a')).toEqual(['B'])
    expect(find('thingGroupName:b OR attributes.a:[0 TO 2]')).toEqual(['A', 'B'])
  })
})
