/** Billing groups: one per thing. */
import { expect, it } from 'vitest'
import { arn, code, ok, openTestRegistry } from './open-test-registry.ts'

it('gateway G81: creates, describes, updates, lists and deletes billing groups', () => {
  const { registry } = openTestRegistry()
  const billingGroupProperties = { billingGroupDescription: 'd' }
  const input = { billingGroupName: 'B', billingGroupProperties }
  const first = ok(registry.createBillingGroup(input, 1000))
  expect(first).toEqual({
    billingGroupName: 'B',
    billingGroupArn: arn('billinggroup/B'),
    billingGroupId: 'id-1',
  })
  expect(ok(registry.createBillingGroup(input, 0))).toEqual(first)
  expect(code(registry.createBillingGroup({ billingGroupName: 'B' }, 0))).toBe(
    'ResourceAlreadyExistsException',
  )
  expect(ok(registry.describeBillingGroup({ billingGroupName: 'B' }, 0))).toEqual({
    ...first,
    version: 1,
    billingGroupProperties,
    billingGroupMetadata: { creationDate: new Date(1000) },
  })
  const update = (expectedVersion: number): unknown =>
    registry.updateBillingGroup(
      { billingGroupName: 'B', billingGroupProperties: {}, expectedVersion },
      0,
    )
  expect(update(1)).toEqual({ ok: true, value: { version: 2 } })
  expect(update(1)).toMatchObject({ error: { code: 'VersionConflictException' } })
  ok(registry.createBillingGroup({ billingGroupName: 'C' }, 0))
  expect(ok(registry.listBillingGroups({ namePrefixFilter: 'C' }, 0)).billingGroups).toEqual([
    { groupName: 'C', groupArn: arn('billinggroup/C') },
  ])
  ok(registry.deleteBillingGroup({ billingGroupName: 'B', expectedVersion: 2 }, 0))
  ok(registry.deleteBillingGroup({ billingGroupName: 'B' }, 0))
  expect(code(registry.describeBillingGroup({ billingGroupName: 'B' }, 0))).toBe(
    'ResourceNotFoundException',
  )
})

it('gateway G81: a thing is in one billing group', () => {
  const { registry } = openTestRegistry()
  for (const billingGroupName of ['B', 'C']) {
    ok(registry.createBillingGroup({ billingGroupName }, 0))
  }
  ok(registry.createThing({ thingName: 'T', billingGroupName: 'B' }, 0))
  expect(code(registry.createThing({ thingName: 'U', billingGroupName: 'X' }, 0))).toBe(
    'ResourceNotFoundException',
  )
  const add = (billingGroupName: string): string =>
    code(registry.addThingToBillingGroup({ thingName: 'T', billingGroupName }, 0))
  expect(add('B')).toBe('ok')
  expect(add('C')).toBe('InvalidRequestException')
  const byArn = { thingArn: arn('thing/T'), billingGroupArn: arn('billinggroup/B') }
  ok(registry.removeThingFromBillingGroup(byArn, 0))
  ok(registry.removeThingFromBillingGroup(byArn, 0))
  expect(add('C')).toBe('ok')
  const list = (billingGroupName: string): unknown =>
    ok(registry.listThingsInBillingGroup({ billingGroupName }, 0)).things
  expect(list('B')).toEqual([])
  expect(list('C')).toEqual(['T'])
  ok(registry.deleteBillingGroup({ billingGroupName: 'C' }, 0))
  expect(registry.thing('T')).not.toHaveProperty('billingGroupName')
  expect(add('C')).toBe('ResourceNotFoundException')
})
