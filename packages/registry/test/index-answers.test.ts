/** What the fleet index holds and answers, by its configuration. */
import { describe, expect, it } from 'vitest'
import { code, ok, openTestRegistry, said } from './open-test-registry.ts'
import { openFleet } from './query-fleet.ts'

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
