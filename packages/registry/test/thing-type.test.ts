/** Thing types: create, update, deprecate, delete. */
import { expect, it } from 'vitest'
import { arn, code, MINUTE_MS, ok, openTestRegistry, said } from './open-test-registry.ts'

it('gateway G74: creates, describes and lists types; equal properties again succeed', () => {
  const { registry } = openTestRegistry()
  const input = {
    thingTypeName: 'Y',
    thingTypeProperties: { thingTypeDescription: 'd', searchableAttributes: ['a'] },
  }
  const first = ok(registry.createThingType(input, 1000))
  expect(first).toEqual({
    thingTypeName: 'Y',
    thingTypeArn: arn('thingtype/Y'),
    thingTypeId: 'id-1',
  })
  expect(ok(registry.createThingType(input, 2000))).toEqual(first)
  expect(code(registry.createThingType({ thingTypeName: 'Y' }, 0))).toBe(
    'ResourceAlreadyExistsException',
  )
  const described = ok(registry.describeThingType({ thingTypeName: 'Y' }, 0))
  expect(described).toEqual({
    ...first,
    thingTypeProperties: { thingTypeDescription: 'd', searchableAttributes: ['a'] },
    thingTypeMetadata: { deprecated: false, creationDate: new Date(1000) },
  })
  ok(registry.createThingType({ thingTypeName: 'Z' }, 0))
  const list = (input: object): unknown =>
    ok(registry.listThingTypes(input, 0)).thingTypes?.map((type) => type.thingTypeName)
  expect(list({})).toEqual(['Y', 'Z'])
  expect(list({ thingTypeName: 'Z' })).toEqual(['Z'])
  expect(list({ thingTypeName: 'X' })).toEqual([])
})

it('gateway G74: at most three searchable attributes', () => {
  const { registry } = openTestRegistry()
  const thingTypeProperties = { searchableAttributes: ['a', 'b', 'c', 'd'] }
  expect(code(registry.createThingType({ thingTypeName: 'Y', thingTypeProperties }, 0))).toBe(
    'InvalidRequestException',
  )
})

it('gateway G74: deletion needs five minutes of deprecation and no things; an absent type is deleted already', () => {
  const { registry } = openTestRegistry()
  ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
  ok(registry.createThing({ thingName: 'T', thingTypeName: 'Y' }, 0))
  const remove = (nowMs: number): string =>
    said(registry.deleteThingType({ thingTypeName: 'Y' }, nowMs))
  const wait =
    'InvalidRequestException: Cannot delete thing type : Y. ' +
    'Please wait for 5 minutes after deprecation and then retry'
  expect(remove(100 * MINUTE_MS)).toMatch(/^InvalidRequestException: .*Deprecate it first/)
  ok(registry.deprecateThingType({ thingTypeName: 'Y' }, 0))
  expect(ok(registry.describeThingType({ thingTypeName: 'Y' }, 0)).thingTypeMetadata).toMatchObject(
    { deprecated: true, deprecationDate: new Date(0) },
  )
  expect(remove(5 * MINUTE_MS - 1)).toBe(wait)
  expect(remove(5 * MINUTE_MS)).toBe(
    'InvalidRequestException: Can not delete thing type Y with things associated with it',
  )
  ok(registry.updateThing({ thingName: 'T', removeThingType: true }, 0))
  expect(remove(5 * MINUTE_MS - 1)).toBe(wait)
  expect(remove(5 * MINUTE_MS)).toBe('ok')
  expect(remove(5 * MINUTE_MS)).toBe('ok')
})

it('gateway G74: undoing a deprecation starts the five minutes anew', () => {
  const { registry } = openTestRegistry()
  ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
  ok(registry.deprecateThingType({ thingTypeName: 'Y' }, 0))
  ok(registry.deprecateThingType({ thingTypeName: 'Y', undoDeprecate: true }, 0))
  ok(registry.deprecateThingType({ thingTypeName: 'Y' }, 4 * MINUTE_MS))
  const remove = (nowMs: number): string =>
    code(registry.deleteThingType({ thingTypeName: 'Y' }, nowMs))
  expect(remove(6 * MINUTE_MS)).toBe('InvalidRequestException')
  expect(remove(9 * MINUTE_MS)).toBe('ok')
})

it('gateway G132, neighbours N176: a type adds attributes of the thing and of the connection, in its order', () => {
  const { registry } = openTestRegistry()
  const thingTypeName = 'Y'
  ok(registry.createThingType({ thingTypeName }, 0))
  ok(
    registry.createThing(
      { thingName: 'T', thingTypeName, attributePayload: { attributes: { site: 'north' } } },
      0,
    ),
  )
  ok(registry.createThing({ thingName: 'bare' }, 0))
  expect(registry.propagatedProperties('T', 'c')).toBeUndefined()
  const propagatingAttributes = [
    { userPropertyKey: 'who', connectionAttribute: 'iot:ClientId' },
    { userPropertyKey: 'where', thingAttribute: 'site' },
    { userPropertyKey: 'missing', thingAttribute: 'floor' },
    { userPropertyKey: 'what', connectionAttribute: 'iot:Thing.ThingName' },
  ]
  const thingTypeProperties = { mqtt5Configuration: { propagatingAttributes } }
  ok(registry.updateThingType({ thingTypeName, thingTypeProperties }, 0))
  expect(registry.propagatedProperties('T', 'c')).toEqual([
    ['who', 'c'],
    ['where', 'north'],
    ['what', 'T'],
  ])
  expect(registry.propagatedProperties('bare', 'c')).toBeUndefined()
  expect(registry.propagatedProperties('absent', 'c')).toBeUndefined()
})

it('gateway G132: names that every object has are no attributes of a thing or a connection', () => {
  const { registry } = openTestRegistry()
  const propagatingAttributes = [
    { userPropertyKey: 'a', thingAttribute: 'constructor' },
    { userPropertyKey: 'b', connectionAttribute: 'toString' },
  ]
  const thingTypeProperties = { mqtt5Configuration: { propagatingAttributes } }
  ok(registry.createThingType({ thingTypeName: 'Y', thingTypeProperties }, 0))
  const create = (thingName: string, attributes: Record<string, string>): unknown =>
    ok(registry.createThing({ thingName, thingTypeName: 'Y', attributePayload: { attributes } }, 0))
  create('without', {})
  create('with', { constructor: 'Acme' })
  expect(registry.propagatedProperties('without', 'c')).toEqual([])
  expect(registry.propagatedProperties('with', 'c')).toEqual([['a', 'Acme']])
})

it('gateway G74, neighbours N174, N175: an update changes the MQTT 5 configuration alone', () => {
  const { registry } = openTestRegistry()
  ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
  const propagatingAttributes = [{ userPropertyKey: 'k', thingAttribute: 'a' }]
  const update = (thingTypeProperties: object): string =>
    said(registry.updateThingType({ thingTypeName: 'Y', thingTypeProperties }, 0))
  expect(update({ mqtt5Configuration: { propagatingAttributes } })).toBe('ok')
  const fixed = 'InvalidRequestException: Can only update mqtt5Configuration.'
  expect(update({ thingTypeDescription: 'd' })).toBe(fixed)
  expect(update({ searchableAttributes: [] })).toBe(fixed)
  expect(
    update({ thingTypeDescription: 'd', mqtt5Configuration: { propagatingAttributes: [] } }),
  ).toBe(fixed)
  expect(ok(registry.describeThingType({ thingTypeName: 'Y' }, 0)).thingTypeProperties).toEqual({
    searchableAttributes: [],
    mqtt5Configuration: { propagatingAttributes },
  })
  const one = { userPropertyKey: 'k', thingAttribute: 'a' }
  for (const wrong of [
    [{ userPropertyKey: 'k' }],
    [{ ...one, connectionAttribute: 'iot:ClientId' }],
    Array.from({ length: 11 }, () => one),
  ]) {
    expect(update({ mqtt5Configuration: { propagatingAttributes: wrong } })).toMatch(
      /^InvalidRequestException/,
    )
  }
})

it('gateway G74: each change of a type is told once, with the type before and after', () => {
  const { registry, changes } = openTestRegistry()
  const thingTypeName = 'Y'
  const told = (): unknown =>
    changes
      .splice(0)
      .map((change) =>
        change.kind === 'thingType'
          ? [change.before?.deprecatedAtMs, change.after?.deprecatedAtMs]
          : change.kind,
      )
  ok(registry.createThingType({ thingTypeName }, 0))
  expect(told()).toEqual([[undefined, undefined]])
  ok(registry.deprecateThingType({ thingTypeName }, 1000))
  expect(told()).toEqual([[undefined, 1000]])
  ok(registry.deprecateThingType({ thingTypeName }, 2000))
  expect(told()).toEqual([])
  ok(registry.deprecateThingType({ thingTypeName, undoDeprecate: true }, 3000))
  expect(told()).toEqual([[1000, undefined]])
  ok(registry.deprecateThingType({ thingTypeName }, 4000))
  ok(registry.deleteThingType({ thingTypeName }, 4000 + 5 * MINUTE_MS))
  expect(told()).toEqual([
    [undefined, 4000],
    [4000, undefined],
  ])
})
