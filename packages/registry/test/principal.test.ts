/** Principals of things: attach, detach, exclusive attachments, listings both ways. */
import { expect, it } from 'vitest'
import { arn, code, newCertificate, ok, openTestRegistry } from './open-test-registry.ts'

const COGNITO = 'us-east-1:11111111-2222-3333-4444-555555555555'

it('gateway G70: attaches and detaches; attaching again is no change; absent ones are 404', () => {
  const { registry, changes } = openTestRegistry()
  const principal = newCertificate(registry)
  ok(registry.createThing({ thingName: 'T' }, 0))
  changes.length = 0
  const attach = (input: object): string =>
    code(registry.attachThingPrincipal({ thingName: 'T', principal, ...input }, 0))
  expect(attach({})).toBe('ok')
  expect(attach({})).toBe('ok')
  expect(changes).toEqual([{ kind: 'thingPrincipal', thingName: 'T', principal, attached: true }])
  expect(attach({ thingName: 'U' })).toBe('ResourceNotFoundException')
  expect(attach({ principal: arn(`cert/${'f'.repeat(64)}`) })).toBe('ResourceNotFoundException')
  expect(attach({ principal: 'nonsense' })).toBe('InvalidRequestException')
  expect(attach({ principal: COGNITO })).toBe('ok')
  const detach = (thingName: string): string =>
    code(registry.detachThingPrincipal({ thingName, principal }, 0))
  expect(detach('U')).toBe('ResourceNotFoundException')
  expect(detach('T')).toBe('ok')
  expect(detach('T')).toBe('ok')
  expect(registry.thingsOfPrincipal(principal)).toEqual([])
})

it('gateway G70, authz F7, X29: an exclusive certificate holds one thing', () => {
  const { registry } = openTestRegistry()
  const principal = newCertificate(registry)
  for (const thingName of ['T', 'U']) ok(registry.createThing({ thingName }, 0))
  const attach = (
    thingName: string,
    thingPrincipalType?: 'EXCLUSIVE_THING' | 'NON_EXCLUSIVE_THING',
  ): string => code(registry.attachThingPrincipal({ thingName, principal, thingPrincipalType }, 0))
  expect(attach('T', 'EXCLUSIVE_THING')).toBe('ok')
  expect(registry.thingsOfPrincipal(principal)).toEqual([{ thingName: 'T', exclusive: true }])
  expect(attach('T', 'EXCLUSIVE_THING')).toBe('ok')
  expect(attach('T')).toBe('ok')
  expect(attach('T', 'NON_EXCLUSIVE_THING')).toBe('InvalidRequestException')
  expect(attach('U')).toBe('InvalidRequestException')
  expect(attach('U', 'EXCLUSIVE_THING')).toBe('InvalidRequestException')
  ok(registry.detachThingPrincipal({ thingName: 'T', principal }, 0))
  expect(attach('T')).toBe('ok')
  expect(attach('U')).toBe('ok')
  expect(attach('U', 'EXCLUSIVE_THING')).toBe('InvalidRequestException')
  ok(registry.detachThingPrincipal({ thingName: 'T', principal }, 0))
  ok(registry.detachThingPrincipal({ thingName: 'U', principal }, 0))
  expect(attach('T')).toBe('ok')
  expect(attach('U', 'EXCLUSIVE_THING')).toBe('InvalidRequestException')
})

it('gateway G70: lists principals of a thing and things of a principal, v1 and v2', () => {
  const { registry } = openTestRegistry()
  const shared = newCertificate(registry)
  const own = newCertificate(registry)
  for (const thingName of ['T', 'U']) {
    ok(registry.createThing({ thingName }, 0))
    ok(registry.attachThingPrincipal({ thingName, principal: shared }, 0))
  }
  const thingPrincipalType = 'EXCLUSIVE_THING'
  ok(registry.attachThingPrincipal({ thingName: 'T', principal: own, thingPrincipalType }, 0))
  expect(ok(registry.listThingPrincipals({ thingName: 'T' }, 0)).principals).toEqual([shared, own])
  expect(ok(registry.listThingPrincipalsV2({ thingName: 'T' }, 0)).thingPrincipalObjects).toEqual([
    { principal: shared, thingPrincipalType: 'NON_EXCLUSIVE_THING' },
    { principal: own, thingPrincipalType },
  ])
  const exclusive = registry.listThingPrincipalsV2({ thingName: 'T', thingPrincipalType }, 0)
  expect(ok(exclusive).thingPrincipalObjects).toEqual([{ principal: own, thingPrincipalType }])
  expect(ok(registry.listPrincipalThings({ principal: shared }, 0)).things).toEqual(['T', 'U'])
  expect(ok(registry.listPrincipalThingsV2({ principal: own }, 0)).principalThingObjects).toEqual([
    { thingName: 'T', thingPrincipalType },
  ])
  expect(code(registry.listThingPrincipals({ thingName: 'X' }, 0))).toBe(
    'ResourceNotFoundException',
  )
  expect(code(registry.listPrincipalThings({ principal: arn('cert/00') }, 0))).toBe(
    'ResourceNotFoundException',
  )
})
