/** Things: create, update, delete, list. Every case starts from an empty registry. */
import { describe, expect, it } from 'vitest'
import { arn, code, newCertificate, ok, openTestRegistry, said } from './open-test-registry.ts'

const attributes = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 'v']))

describe('CreateThing', () => {
  it('gateway G68: answers name, ARN and id, and the same again for the same configuration', () => {
    const { registry, changes } = openTestRegistry()
    const input = { thingName: 'T', attributePayload: { attributes: { a: '1' } } }
    const first = ok(registry.createThing(input, 0))
    expect(first).toEqual({ thingName: 'T', thingArn: arn('thing/T'), thingId: 'id-1' })
    expect(ok(registry.createThing(input, 1))).toEqual(first)
    expect(changes).toHaveLength(1)
  })

  it('gateway G68: another configuration under the name is 409 with id and ARN', () => {
    const { registry } = openTestRegistry()
    ok(registry.createThing({ thingName: 'T' }, 0))
    const again = registry.createThing(
      { thingName: 'T', attributePayload: { attributes: { a: '1' } } },
      0,
    )
    expect(again).toMatchObject({
      ok: false,
      error: {
        code: 'ResourceAlreadyExistsException',
        members: { resourceId: 'id-1', resourceArn: arn('thing/T') },
      },
    })
  })

  it('gateway G68: an unknown type is 404, a deprecated one 400', () => {
    const { registry } = openTestRegistry()
    const create = (): string =>
      code(registry.createThing({ thingName: 'T', thingTypeName: 'Y' }, 0))
    expect(create()).toBe('ResourceNotFoundException')
    ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
    ok(registry.deprecateThingType({ thingTypeName: 'Y' }, 0))
    expect(create()).toBe('InvalidRequestException')
    ok(registry.deprecateThingType({ thingTypeName: 'Y', undoDeprecate: true }, 0))
    expect(create()).toBe('ok')
  })

  it('gateway G67: names and attributes outside the patterns are 400', () => {
    const { registry } = openTestRegistry()
    const create = (thingName: string, given: Record<string, string> = {}): string =>
      code(registry.createThing({ thingName, attributePayload: { attributes: given } }, 0))
    for (const name of ['', 'a b', 'a/b', 'é', 'n'.repeat(129)]) {
      expect(create(name), name).toBe('InvalidRequestException')
    }
    expect(create('aZ09:_-')).toBe('ok')
    expect(create('n'.repeat(128))).toBe('ok')
    expect(create('a1', { 'a b': 'v' })).toBe('InvalidRequestException')
    expect(create('a2', { a: 'v v' })).toBe('InvalidRequestException')
    expect(create('a3', { a: 'v'.repeat(801) })).toBe('InvalidRequestException')
    expect(create('a4', { 'a_.,@/:#-': `_.,@/:#=[]-${'v'.repeat(780)}` })).toBe('ok')
  })

  it('gateway G67: three attributes without a type, fifty with one', () => {
    const { registry } = openTestRegistry()
    ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
    const create = (thingName: string, count: number, thingTypeName?: string): string =>
      code(
        registry.createThing(
          { thingName, thingTypeName, attributePayload: { attributes: attributes(count) } },
          0,
        ),
      )
    expect(create('a', 3)).toBe('ok')
    expect(create('b', 4)).toBe('InvalidRequestException')
    expect(create('c', 50, 'Y')).toBe('ok')
    expect(create('d', 51, 'Y')).toBe('InvalidRequestException')
  })

  it('gateway G69: DescribeThing gives all members; an absent thing is 404', () => {
    const { registry } = openTestRegistry()
    ok(registry.createBillingGroup({ billingGroupName: 'B' }, 0))
    ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
    const attributePayload = { attributes: { a: '1' } }
    const input = { thingName: 'T', thingTypeName: 'Y', billingGroupName: 'B', attributePayload }
    ok(registry.createThing(input, 0))
    expect(ok(registry.describeThing({ thingName: 'T' }, 0))).toEqual({
      defaultClientId: 'T',
      thingName: 'T',
      thingId: 'id-3',
      thingArn: arn('thing/T'),
      thingTypeName: 'Y',
      attributes: { a: '1' },
      version: 1,
      billingGroupName: 'B',
    })
    expect(code(registry.describeThing({ thingName: 'U' }, 0))).toBe('ResourceNotFoundException')
  })
})

it('gateway G67: attribute names that JavaScript objects know are kept like any other', () => {
  const { registry, records } = openTestRegistry()
  const attributes = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, string>
  ok(registry.createThing({ thingName: 'T', attributePayload: { attributes } }, 0))
  expect(Object.entries(registry.thing('T')?.attributes ?? {})).toEqual(Object.entries(attributes))
  const again = openTestRegistry(records).registry.thing('T')
  expect(Object.entries(again?.attributes ?? {})).toEqual(Object.entries(attributes))
  const found = { attributeName: '__proto__', attributeValue: 'p' }
  expect(ok(registry.listThings(found, 0)).things).toHaveLength(1)
})

describe('UpdateThing', () => {
  it('gateway G69: counts versions up and refuses a wrong expectedVersion', () => {
    const { registry } = openTestRegistry()
    ok(registry.createThing({ thingName: 'T' }, 0))
    ok(registry.updateThing({ thingName: 'T', expectedVersion: 1 }, 0))
    expect(registry.thing('T')?.version).toBe(2)
    expect(code(registry.updateThing({ thingName: 'T', expectedVersion: 1 }, 0))).toBe(
      'VersionConflictException',
    )
    expect(code(registry.updateThing({ thingName: 'U' }, 0))).toBe('ResourceNotFoundException')
  })

  it('gateway G69: replaces attributes, merges when asked, removes by an empty value', () => {
    const { registry } = openTestRegistry()
    const update = (given: Record<string, string>, merge?: boolean): unknown => {
      ok(
        registry.updateThing({ thingName: 'T', attributePayload: { attributes: given, merge } }, 0),
      )
      return registry.thing('T')?.attributes
    }
    ok(registry.createThing({ thingName: 'T', attributePayload: { attributes: { a: '1' } } }, 0))
    expect(update({ b: '2' }, true)).toEqual({ a: '1', b: '2' })
    expect(update({ a: '' }, true)).toEqual({ b: '2' })
    expect(update({ c: '3' })).toEqual({ c: '3' })
    expect(update({ c: '', d: '4' })).toEqual({ d: '4' })
    ok(registry.updateThing({ thingName: 'T' }, 0))
    expect(registry.thing('T')?.attributes).toEqual({ d: '4' })
  })

  it('gateway G69: sets, changes and removes the type; giving one while removing is 400', () => {
    const { registry } = openTestRegistry()
    ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
    ok(registry.createThing({ thingName: 'T' }, 0))
    ok(registry.updateThing({ thingName: 'T', thingTypeName: 'Y' }, 0))
    expect(registry.thing('T')?.thingTypeName).toBe('Y')
    expect(
      code(registry.updateThing({ thingName: 'T', thingTypeName: 'Y', removeThingType: true }, 0)),
    ).toBe('InvalidRequestException')
    const attributePayload = { attributes: attributes(4) }
    ok(registry.updateThing({ thingName: 'T', attributePayload }, 0))
    expect(code(registry.updateThing({ thingName: 'T', removeThingType: true }, 0))).toBe(
      'InvalidRequestException',
    )
    ok(registry.updateThing({ thingName: 'T', attributePayload: { attributes: {} } }, 0))
    ok(registry.updateThing({ thingName: 'T', removeThingType: true }, 0))
    expect(registry.thing('T')).not.toHaveProperty('thingTypeName')
  })
})

describe('DeleteThing', () => {
  it('gateway G72: an absent thing is deleted already', () => {
    const { registry } = openTestRegistry()
    expect(code(registry.deleteThing({ thingName: 'T' }, 0))).toBe('ok')
  })

  it('gateway G72: refuses while a principal is attached; the right order succeeds', () => {
    const { registry, changes } = openTestRegistry()
    const principal = newCertificate(registry)
    ok(registry.createThing({ thingName: 'T' }, 0))
    ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
    ok(registry.addThingToThingGroup({ thingName: 'T', thingGroupName: 'G' }, 0))
    ok(registry.attachThingPrincipal({ thingName: 'T', principal }, 0))
    expect(code(registry.deleteThing({ thingName: 'T' }, 0))).toBe('InvalidRequestException')
    expect(code(registry.deleteThing({ thingName: 'T', expectedVersion: 2 }, 0))).toBe(
      'VersionConflictException',
    )
    ok(registry.detachThingPrincipal({ thingName: 'T', principal }, 0))
    changes.length = 0
    ok(registry.deleteThing({ thingName: 'T', expectedVersion: 1 }, 0))
    expect(changes).toMatchObject([
      { kind: 'thingGroupMembership', thingGroupName: 'G', thingName: 'T', added: false },
      { kind: 'thing', thingName: 'T', before: { version: 1 } },
    ])
    expect(ok(registry.listThingsInThingGroup({ thingGroupName: 'G' }, 0)).things).toEqual([])
  })
})

describe('ListThings', () => {
  const names = (outcome: { things?: { thingName?: string | undefined }[] | undefined }): unknown =>
    outcome.things?.map(({ thingName }) => thingName)

  it('gateway G73: filters by type, by attribute and by attribute prefix', () => {
    const { registry } = openTestRegistry()
    ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
    const create = (thingName: string, color: string, thingTypeName?: string): unknown =>
      registry.createThing(
        { thingName, thingTypeName, attributePayload: { attributes: { color } } },
        0,
      )
    create('T1', 'red')
    create('T2', 'Red', 'Y')
    create('T3', 'redder', 'Y')
    create('T4', 'blue', 'Y')
    const list = (input: object): unknown => names(ok(registry.listThings(input, 0)))
    expect(list({})).toEqual(['T1', 'T2', 'T3', 'T4'])
    expect(list({ thingTypeName: 'Y' })).toEqual(['T2', 'T3', 'T4'])
    expect(list({ thingTypeName: 'Z' })).toEqual([])
    expect(list({ attributeName: 'color', attributeValue: 'red' })).toEqual(['T1'])
    const prefix = { attributeName: 'color', attributeValue: 'red', usePrefixAttributeValue: true }
    expect(list(prefix)).toEqual(['T1', 'T3'])
    expect(said(registry.listThings({ ...prefix, thingTypeName: 'Y' }, 0))).toBe(
      'InvalidRequestException: ' +
        'Listing things by the combination of attribute and thing type is not supported',
    )
    expect(code(registry.listThings({ attributeName: 'color' }, 0))).toBe('InvalidRequestException')
  })

  it('gateway G73: bad, foreign and altered tokens and page sizes are 400', () => {
    const { registry } = openTestRegistry()
    for (const thingName of ['a', 'b', 'c']) ok(registry.createThing({ thingName }, 0))
    const { nextToken } = ok(registry.listThings({ maxResults: 1 }, 0))
    const list = (input: object): string => code(registry.listThings(input, 0))
    expect(list({ nextToken })).toBe('ok')
    for (const bad of ['', 'x', 'a', `${nextToken}x`, nextToken?.slice(1), '%%%', 'é']) {
      expect(list({ nextToken: bad }), bad).toBe('InvalidRequestException')
    }
    expect(list({ nextToken, thingTypeName: 'Y' })).toBe('InvalidRequestException')
    expect(code(registry.listThingTypes({ nextToken }, 0))).toBe('InvalidRequestException')
    for (const maxResults of [0, 251, 1.5, Number.NaN]) {
      expect(list({ maxResults })).toBe('InvalidRequestException')
    }
    expect(ok(registry.listThings({ maxResults: 3 }, 0))).not.toHaveProperty('nextToken')
  })
})
