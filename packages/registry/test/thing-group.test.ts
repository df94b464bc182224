/** Static groups: their tree, their members, their listings. */
import { describe, expect, it } from 'vitest'
import type { Registry } from '../src/index.ts'
import { arn, code, ok, openTestRegistry, said } from './open-test-registry.ts'

function createGroup(registry: Registry, thingGroupName: string, parentGroupName?: string): string {
  return code(registry.createThingGroup({ thingGroupName, parentGroupName }, 1000))
}

function createThings(registry: Registry, ...names: string[]): void {
  for (const thingName of names) ok(registry.createThing({ thingName }, 0))
}

function add(registry: Registry, thingName: string, thingGroupName: string): string {
  return code(registry.addThingToThingGroup({ thingName, thingGroupName }, 0))
}

describe('thing groups', () => {
  it('gateway G75: creating equal properties again succeeds, other ones are 409', () => {
    const { registry } = openTestRegistry()
    const input = {
      thingGroupName: 'G',
      thingGroupProperties: {
        thingGroupDescription: 'd',
        attributePayload: { attributes: { a: '1' } },
      },
    }
    const first = ok(registry.createThingGroup(input, 0))
    expect(first).toEqual({
      thingGroupName: 'G',
      thingGroupArn: arn('thinggroup/G'),
      thingGroupId: 'id-1',
    })
    expect(ok(registry.createThingGroup(input, 9))).toEqual(first)
    expect(registry.createThingGroup({ thingGroupName: 'G' }, 0)).toMatchObject({
      error: {
        code: 'ResourceAlreadyExistsException',
        message: 'Thing Group G already exists in current account with different properties',
        members: { resourceId: null, resourceArn: null },
      },
    })
    expect(createGroup(registry, 'a b')).toBe('InvalidRequestException')
  })

  it('gateway G75: a repeat counts the tags of now; a property differs before a tag does', () => {
    const { registry } = openTestRegistry()
    const thingGroupName = 'G'
    const repeat = (more: object): string =>
      said(registry.createThingGroup({ thingGroupName, ...more }, 0))
    const different = (what: string): string =>
      `ResourceAlreadyExistsException: ${what} already exists in current account ` +
      'with different properties'
    const [a, b] = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]
    expect(repeat({})).toBe('ok')
    for (const empty of [{ tags: [] }, { thingGroupProperties: {} }]) {
      expect(repeat(empty)).toBe('ok')
    }
    expect(repeat({ tags: [a] })).toBe(different(`Resource ${arn('thinggroup/G')}`))
    ok(registry.tagResource({ resourceArn: arn('thinggroup/G'), tags: [a, b] }, 0))
    expect(repeat({ tags: [b, a] })).toBe('ok')
    for (const tags of [undefined, [a], [a, { ...b, Value: 'other' }]]) {
      expect(repeat({ tags })).toBe(different(`Resource ${arn('thinggroup/G')}`))
    }
    const thingGroupProperties = { thingGroupDescription: 'd' }
    expect(repeat({ tags: [a], thingGroupProperties })).toBe(different('Thing Group G'))
    expect(repeat({ tags: [a, b], parentGroupName: 'P' })).toBe(different('Thing Group G'))
  })

  it('gateway G75: describes metadata from the root to the parent', () => {
    const { registry } = openTestRegistry()
    createGroup(registry, 'A')
    createGroup(registry, 'B', 'A')
    createGroup(registry, 'C', 'B')
    expect(ok(registry.describeThingGroup({ thingGroupName: 'C' }, 0))).toEqual({
      thingGroupName: 'C',
      thingGroupId: 'id-3',
      thingGroupArn: arn('thinggroup/C'),
      version: 1,
      thingGroupProperties: { attributePayload: { attributes: {} } },
      thingGroupMetadata: {
        parentGroupName: 'B',
        rootToParentThingGroups: [
          { groupName: 'A', groupArn: arn('thinggroup/A') },
          { groupName: 'B', groupArn: arn('thinggroup/B') },
        ],
        creationDate: new Date(1000),
      },
    })
    expect(code(registry.describeThingGroup({ thingGroupName: 'X' }, 0))).toBe(
      'ResourceNotFoundException',
    )
  })

  it('gateway G75: seven levels and a hundred children, no more; the parent must be there', () => {
    const { registry } = openTestRegistry()
    expect(
      said(registry.createThingGroup({ thingGroupName: 'G1', parentGroupName: 'G0' }, 0)),
    ).toBe('InvalidRequestException: Cannot create group using non-existing group as parent : G0')
    expect(createGroup(registry, 'G1')).toBe('ok')
    for (let level = 2; level <= 7; level += 1) {
      expect(createGroup(registry, `G${level}`, `G${level - 1}`)).toBe('ok')
    }
    expect(createGroup(registry, 'G8', 'G7')).toBe('InvalidRequestException')
    for (let child = 1; child < 100; child += 1) {
      expect(createGroup(registry, `C${child}`, 'G1')).toBe('ok')
    }
    expect(createGroup(registry, 'C100', 'G1')).toBe('InvalidRequestException')
  })

  it('gateway G75: versions count up, a wrong expectedVersion conflicts, attributes merge', () => {
    const { registry } = openTestRegistry()
    createGroup(registry, 'G')
    const update = (thingGroupProperties: object, expectedVersion?: number): unknown =>
      registry.updateThingGroup({ thingGroupName: 'G', thingGroupProperties, expectedVersion }, 0)
    expect(update({ attributePayload: { attributes: { a: '1' } } }, 1)).toEqual({
      ok: true,
      value: { version: 2 },
    })
    expect(update({}, 1)).toMatchObject({ error: { code: 'VersionConflictException' } })
    update({
      thingGroupDescription: 'd',
      attributePayload: { attributes: { b: '2' }, merge: true },
    })
    expect(registry.thingGroup('G')).toMatchObject({
      version: 3,
      description: 'd',
      attributes: { a: '1', b: '2' },
    })
    const absent = { thingGroupName: 'X', thingGroupProperties: {} }
    expect(code(registry.updateThingGroup(absent, 0))).toBe('ResourceNotFoundException')
  })

  it('gateway G75: deletes leaf groups with their members; children refuse, absence succeeds', () => {
    const { registry, changes } = openTestRegistry()
    createGroup(registry, 'A')
    createGroup(registry, 'B', 'A')
    createThings(registry, 'T')
    add(registry, 'T', 'B')
    const remove = (thingGroupName: string, expectedVersion?: number): string =>
      code(registry.deleteThingGroup({ thingGroupName, expectedVersion }, 0))
    expect(remove('A')).toBe('InvalidRequestException')
    expect(remove('B', 2)).toBe('VersionConflictException')
    changes.length = 0
    expect(remove('B')).toBe('ok')
    expect(changes.map(({ kind }) => kind)).toEqual(['thingGroupMembership', 'thingGroup'])
    expect(remove('B')).toBe('ok')
    expect(remove('A')).toBe('ok')
    expect(registry.groupsOfThing('T')).toEqual([])
  })

  it('gateway G75: lists all groups, those below a parent, roots, and prefixes', () => {
    const { registry } = openTestRegistry()
    createGroup(registry, 'A')
    createGroup(registry, 'AB', 'A')
    createGroup(registry, 'ABC', 'AB')
    createGroup(registry, 'X')
    const list = (input: object): unknown =>
      ok(registry.listThingGroups(input, 0)).thingGroups?.map(({ groupName }) => groupName)
    expect(list({})).toEqual(['A', 'AB', 'ABC', 'X'])
    expect(list({ recursive: true })).toEqual(['A', 'AB', 'ABC', 'X'])
    expect(list({ recursive: false })).toEqual(['A', 'X'])
    expect(list({ parentGroup: 'A' })).toEqual(['AB'])
    expect(list({ parentGroup: 'A', recursive: true })).toEqual(['AB', 'ABC'])
    expect(list({ parentGroup: 'A', recursive: false })).toEqual(['AB'])
    expect(list({ namePrefixFilter: 'AB' })).toEqual(['AB', 'ABC'])
    expect(list({ parentGroup: 'A', recursive: false, namePrefixFilter: 'ABC' })).toEqual([])
    expect(code(registry.listThingGroups({ parentGroup: 'Z' }, 0))).toBe(
      'ResourceNotFoundException',
    )
  })
})

describe('membership', () => {
  it('gateway G76: by name or ARN, idempotent, absent things and groups are 404', () => {
    const { registry, changes } = openTestRegistry()
    createGroup(registry, 'G')
    createThings(registry, 'T')
    changes.length = 0
    const byArn = { thingArn: arn('thing/T'), thingGroupArn: arn('thinggroup/G') }
    ok(registry.addThingToThingGroup(byArn, 0))
    expect(add(registry, 'T', 'G')).toBe('ok')
    expect(changes).toEqual([
      {
        kind: 'thingGroupMembership',
        thingGroupName: 'G',
        thingName: 'T',
        added: true,
        dynamic: false,
      },
    ])
    expect(add(registry, 'U', 'G')).toBe('ResourceNotFoundException')
    expect(add(registry, 'T', 'H')).toBe('ResourceNotFoundException')
    expect(code(registry.addThingToThingGroup({ thingName: 'T' }, 0))).toBe(
      'InvalidRequestException',
    )
    const disagree = { thingName: 'U', thingArn: arn('thing/T'), thingGroupName: 'G' }
    expect(code(registry.addThingToThingGroup(disagree, 0))).toBe('InvalidRequestException')
    const foreign = { thingArn: 'arn:aws:iot:us-east-1:1:thing/T', thingGroupName: 'G' }
    expect(code(registry.addThingToThingGroup(foreign, 0))).toBe('InvalidRequestException')
    ok(registry.removeThingFromThingGroup(byArn, 0))
    ok(registry.removeThingFromThingGroup(byArn, 0))
    expect(registry.groupsOfThing('T')).toEqual([])
  })

  it('gateway G76: an eleventh group and a second group of one tree are 400', () => {
    const { registry } = openTestRegistry()
    createThings(registry, 'T')
    createGroup(registry, 'Root')
    createGroup(registry, 'Left', 'Root')
    createGroup(registry, 'Right', 'Root')
    expect(add(registry, 'T', 'Left')).toBe('ok')
    expect(add(registry, 'T', 'Right')).toBe('InvalidRequestException')
    expect(add(registry, 'T', 'Root')).toBe('InvalidRequestException')
    for (let count = 2; count <= 10; count += 1) {
      createGroup(registry, `G${count}`)
      expect(add(registry, 'T', `G${count}`)).toBe('ok')
    }
    createGroup(registry, 'G11')
    expect(add(registry, 'T', 'G11')).toBe('InvalidRequestException')
  })

  it('gateway G76: updateThingGroupsForThing removes, then adds, all or nothing', () => {
    const { registry, changes } = openTestRegistry()
    createThings(registry, 'T')
    createGroup(registry, 'Root')
    createGroup(registry, 'Left', 'Root')
    createGroup(registry, 'Right', 'Root')
    add(registry, 'T', 'Left')
    changes.length = 0
    const update = (thingGroupsToRemove: string[], thingGroupsToAdd: string[]): string =>
      code(
        registry.updateThingGroupsForThing(
          { thingName: 'T', thingGroupsToAdd, thingGroupsToRemove },
          0,
        ),
      )
    expect(update(['Left'], ['Absent'])).toBe('ResourceNotFoundException')
    expect(registry.groupsOfThing('T')).toEqual(['Left', 'Root'])
    expect(changes).toEqual([])
    expect(update(['Left'], ['Right'])).toBe('ok')
    expect(registry.groupsOfThing('T')).toEqual(['Right', 'Root'])
    expect(code(registry.updateThingGroupsForThing({ thingName: 'U' }, 0))).toBe(
      'ResourceNotFoundException',
    )
  })

  it('gateway G77: members of a group, with those below it when recursive; direct groups of a thing', () => {
    const { registry } = openTestRegistry()
    createThings(registry, 'T1', 'T2', 'T3')
    createGroup(registry, 'P')
    createGroup(registry, 'C', 'P')
    createGroup(registry, 'D', 'C')
    add(registry, 'T2', 'P')
    add(registry, 'T3', 'C')
    add(registry, 'T1', 'D')
    const list = (recursive?: boolean): unknown =>
      ok(registry.listThingsInThingGroup({ thingGroupName: 'P', recursive }, 0)).things
    expect(list()).toEqual(['T2'])
    expect(list(false)).toEqual(['T2'])
    expect(list(true)).toEqual(['T1', 'T2', 'T3'])
    expect(ok(registry.listThingGroupsForThing({ thingName: 'T1' }, 0)).thingGroups).toEqual([
      { groupName: 'D', groupArn: arn('thinggroup/D') },
    ])
    expect(registry.staticGroupsOfThing('T1')).toEqual(['D', 'C', 'P'])
    expect([...registry.thingsInGroup('P')].sort()).toEqual(['T1', 'T2', 'T3'])
    expect(registry.isThingInGroup('T1', 'P')).toBe(true)
    expect(registry.isThingInGroup('T2', 'C')).toBe(false)
  })
})
