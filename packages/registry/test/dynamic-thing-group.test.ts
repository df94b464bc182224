/** Dynamic groups: created by a query, kept by changes of things, groups and connections. */
import { expect, it } from 'vitest'
import { arn, code, ok, openTestRegistry, type TestRegistry } from './open-test-registry.ts'

function openIndexed(connectivity = false): TestRegistry {
  const opened = openTestRegistry()
  ok(
    opened.registry.updateIndexingConfiguration(
      {
        thingIndexingConfiguration: {
          thingIndexingMode: 'REGISTRY',
          thingConnectivityIndexingMode: connectivity ? 'STATUS' : 'OFF',
        },
      },
      0,
    ),
  )
  return opened
}

it('gateway G78: needs indexing; bad queries, names and versions are refused', () => {
  const { registry } = openTestRegistry()
  const create = (input: object): string =>
    code(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: '*', ...input }, 0))
  expect(create({})).toBe('InvalidRequestException')
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  expect(create({ queryString: 'thingName:' })).toBe('InvalidQueryException')
  expect(create({ queryVersion: '2020-01-01' })).toBe('InvalidRequestException')
  expect(create({ indexName: 'Other' })).toBe('InvalidRequestException')
  expect(create({ queryString: 'connectivity.connected:true' })).toBe('InvalidRequestException')
  expect(create({})).toBe('ok')
})

it('gateway G78: answers and describes index, query and version; equal creation succeeds', () => {
  const { registry } = openIndexed()
  const input = { thingGroupName: 'D', queryString: 'attributes.a:1' }
  const first = ok(registry.createDynamicThingGroup(input, 0))
  expect(first).toEqual({
    thingGroupName: 'D',
    thingGroupArn: arn('thinggroup/D'),
    thingGroupId: 'id-1',
    indexName: 'AWS_Things',
    queryString: 'attributes.a:1',
    queryVersion: '2017-09-30',
  })
  expect(ok(registry.createDynamicThingGroup(input, 0))).toEqual(first)
  expect(code(registry.createDynamicThingGroup({ ...input, queryString: '*' }, 0))).toBe(
    'ResourceAlreadyExistsException',
  )
  expect(code(registry.createThingGroup({ thingGroupName: 'D' }, 0))).toBe(
    'ResourceAlreadyExistsException',
  )
  expect(ok(registry.describeThingGroup({ thingGroupName: 'D' }, 0))).toMatchObject({
    indexName: 'AWS_Things',
    queryString: 'attributes.a:1',
    queryVersion: '2017-09-30',
    status: 'ACTIVE',
  })
})

it('gateway G78: things join and leave as they change, and everybody is told', () => {
  const { registry, changes } = openIndexed()
  ok(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: 'attributes.a>1' }, 0))
  const set = (a: string): void => {
    ok(registry.updateThing({ thingName: 'T', attributePayload: { attributes: { a } } }, 0))
  }
  const memberships = (): unknown =>
    changes
      .splice(0)
      .flatMap((change) => (change.kind === 'thingGroupMembership' ? [change.added] : []))
  ok(registry.createThing({ thingName: 'T', attributePayload: { attributes: { a: '2' } } }, 0))
  expect(changes.at(-1)).toEqual({
    kind: 'thingGroupMembership',
    thingGroupName: 'D',
    thingName: 'T',
    added: true,
    dynamic: true,
  })
  changes.length = 0
  set('3')
  expect(memberships()).toEqual([])
  set('1')
  expect(memberships()).toEqual([false])
  set('5')
  expect(memberships()).toEqual([true])
  expect(registry.groupsOfThing('T')).toEqual(['D'])
  expect(registry.staticGroupsOfThing('T')).toEqual([])
  ok(registry.deleteThing({ thingName: 'T' }, 0))
  expect(memberships()).toEqual([false])
})

it('gateway G78: follows static groups and connections too', () => {
  const { registry, connectivity } = openIndexed(true)
  ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
  ok(
    registry.createDynamicThingGroup(
      { thingGroupName: 'InG', queryString: 'thingGroupNames:g' },
      0,
    ),
  )
  const queryString = 'connectivity.connected:true'
  ok(registry.createDynamicThingGroup({ thingGroupName: 'Online', queryString }, 0))
  ok(registry.createThing({ thingName: 'T' }, 0))
  const groups = (): unknown => registry.groupsOfThing('T')
  expect(groups()).toEqual([])
  connectivity.set('T', { connected: true, timestampMs: 1 })
  registry.connectivityChanged('T')
  expect(groups()).toEqual(['Online'])
  ok(registry.addThingToThingGroup({ thingName: 'T', thingGroupName: 'G' }, 0))
  expect(groups()).toEqual(['G', 'InG', 'Online'])
  connectivity.set('T', { connected: false, timestampMs: 2, disconnectReason: 'CLIENT_ERROR' })
  registry.connectivityChanged('T')
  expect(groups()).toEqual(['G', 'InG'])
  ok(registry.deleteThingGroup({ thingGroupName: 'G' }, 0))
  expect(groups()).toEqual([])
  registry.connectivityChanged('stranger')
})

it('gateway G78: an updated query judges the fleet again; properties and versions as G75', () => {
  const { registry } = openIndexed()
  for (const thingName of ['a1', 'b1']) ok(registry.createThing({ thingName }, 0))
  ok(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: 'thingName:a*' }, 0))
  const update = (input: object): unknown =>
    registry.updateDynamicThingGroup({ thingGroupName: 'D', thingGroupProperties: {}, ...input }, 0)
  const members = (): unknown =>
    ok(registry.listThingsInThingGroup({ thingGroupName: 'D' }, 0)).things
  expect(members()).toEqual(['a1'])
  expect(update({ queryString: 'thingName:b*' })).toEqual({ ok: true, value: { version: 2 } })
  expect(members()).toEqual(['b1'])
  expect(update({ expectedVersion: 1 })).toMatchObject({
    error: { code: 'VersionConflictException' },
  })
  expect(update({ queryString: '(' })).toMatchObject({ error: { code: 'InvalidQueryException' } })
  expect(update({ thingGroupName: 'X' })).toMatchObject({
    error: { code: 'ResourceNotFoundException' },
  })
  expect(members()).toEqual(['b1'])
})

it('gateway G78: no manual members, no children; each kind is deleted by its own operation', () => {
  const { registry } = openIndexed()
  ok(registry.createThing({ thingName: 'T' }, 0))
  ok(registry.createThingGroup({ thingGroupName: 'S' }, 0))
  ok(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: '*' }, 0))
  const pair = { thingGroupName: 'D', thingName: 'T' }
  expect(code(registry.addThingToThingGroup(pair, 0))).toBe('InvalidRequestException')
  expect(code(registry.removeThingFromThingGroup(pair, 0))).toBe('InvalidRequestException')
  const child = { thingGroupName: 'C', parentGroupName: 'D' }
  expect(code(registry.createThingGroup(child, 0))).toBe('InvalidRequestException')
  const update = { thingGroupName: 'D', thingGroupProperties: {} }
  expect(code(registry.updateThingGroup(update, 0))).toBe('InvalidRequestException')
  expect(code(registry.deleteThingGroup({ thingGroupName: 'D' }, 0))).toBe(
    'InvalidRequestException',
  )
  expect(code(registry.deleteDynamicThingGroup({ thingGroupName: 'S' }, 0))).toBe(
    'InvalidRequestException',
  )
  ok(registry.deleteDynamicThingGroup({ thingGroupName: 'D' }, 0))
  ok(registry.deleteDynamicThingGroup({ thingGroupName: 'D' }, 0))
  expect(registry.groupsOfThing('T')).toEqual([])
})

it('gateway G78: a hundred per account', () => {
  const { registry } = openIndexed()
  const create = (count: number): string =>
    code(registry.createDynamicThingGroup({ thingGroupName: `D${count}`, queryString: 'a' }, 0))
  for (let count = 1; count <= 100; count += 1) expect(create(count)).toBe('ok')
  expect(create(101)).toBe('LimitExceededException')
})

it('gateway G76: ten groups count dynamic ones; static ones may override the last of those', () => {
  const { registry } = openIndexed()
  ok(registry.createThing({ thingName: 'T' }, 0))
  for (let count = 0; count < 11; count += 1) {
    ok(registry.createDynamicThingGroup({ thingGroupName: `D${count}`, queryString: '*' }, 0))
  }
  expect(registry.groupsOfThing('T')).toHaveLength(10)
  ok(registry.createThingGroup({ thingGroupName: 'S' }, 0))
  const add = (overrideDynamicGroups: boolean): string =>
    code(
      registry.addThingToThingGroup(
        { thingName: 'T', thingGroupName: 'S', overrideDynamicGroups },
        0,
      ),
    )
  expect(add(false)).toBe('InvalidRequestException')
  expect(add(true)).toBe('ok')
  expect(registry.groupsOfThing('T')).toHaveLength(10)
  expect(registry.staticGroupsOfThing('T')).toEqual(['S'])
  ok(registry.removeThingFromThingGroup({ thingName: 'T', thingGroupName: 'S' }, 0))
  expect(registry.groupsOfThing('T')).toHaveLength(10)
})

it('gateway G78, G76: room that another query frees is taken at once', () => {
  const { registry } = openIndexed()
  ok(registry.createThing({ thingName: 'T' }, 0))
  for (let count = 0; count < 11; count += 1) {
    ok(registry.createDynamicThingGroup({ thingGroupName: `D${count}`, queryString: '*' }, 0))
  }
  // Names sort D0, D1, D10, D2, …: the last one made found no room.
  expect(registry.groupsOfThing('T')).not.toContain('D10')
  const change = { thingGroupName: 'D3', queryString: 'thingName:none', thingGroupProperties: {} }
  ok(registry.updateDynamicThingGroup(change, 0))
  expect(registry.groupsOfThing('T')).toHaveLength(10)
  expect(registry.groupsOfThing('T')).toContain('D10')
  expect(registry.groupsOfThing('T')).not.toContain('D3')
})
