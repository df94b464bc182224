/** Groups are erased member by member, whatever happens between two steps (gateway G75, G78). */
import { expect, it } from 'vitest'
import type { Registry, Sliced } from '../src/index.ts'
import { ok, openTestRegistry, type MapRecords, type TestRegistry } from './open-test-registry.ts'

const MEMBERS = 1200
const thingGroupName = 'G'

it('gateway G75: deleting a large group pauses after each member', () => {
  const { registry } = openFleet()
  const deletion = registry.sliced.deleteThingGroup({ thingGroupName }, 0)
  let pauses = 0
  let step = deletion.next()
  for (; step.done !== true; step = deletion.next()) pauses += 1
  expect(step.value).toEqual({ ok: true, value: {} })
  expect(pauses).toBe(MEMBERS)
  expect(registry.thingGroup(thingGroupName)).toBeUndefined()
  expect(registry.groupsOfThing('t-1')).toEqual([])
})

it('gateway G75: a restart in the middle of a deletion goes on with it', () => {
  const { registry, records } = openFleet()
  advance(registry.sliced.deleteThingGroup({ thingGroupName }, 0), 100)
  const again = openTestRegistry(records)
  expect(memberCount(again.registry)).toBe(MEMBERS - 100)
  again.registry.resumeDynamicGroups()
  expect(again.told.buildsWait).toBe(1)
  while (again.registry.buildDynamicGroups()) expect(again.registry.thingGroup('G')).toBeDefined()
  expect(again.registry.thingGroup(thingGroupName)).toBeUndefined()
  expect(rows(records, 'thingGroupMembership')).toBe(0)
  expect(rows(records, 'thingGroupErasure')).toBe(0)
})

it('gateway G81: a billing group is erased likewise, and a restart goes on with it', () => {
  const { registry, records } = openFleet()
  const billingGroupName = 'B'
  ok(registry.createBillingGroup({ billingGroupName }, 0))
  for (let number = 0; number < 20; number += 1) {
    ok(registry.addThingToBillingGroup({ billingGroupName, thingName: `t-${number}` }, 0))
  }
  advance(registry.sliced.deleteBillingGroup({ billingGroupName }, 0), 5)
  const again = openTestRegistry(records)
  again.registry.resumeDynamicGroups()
  expect(again.told.buildsWait).toBe(1)
  while (again.registry.buildDynamicGroups());
  expect(again.registry.thing('t-19')?.billingGroupName).toBeUndefined()
  expect(again.registry.describeBillingGroup({ billingGroupName }, 0).ok).toBe(false)
  expect(rows(records, 'billingGroupErasure')).toBe(0)
})

it('gateway G75: a group that is being deleted gets no children', () => {
  const { registry } = openFleet()
  advance(registry.sliced.deleteThingGroup({ thingGroupName }, 0), 1)
  expect(
    registry.createThingGroup({ thingGroupName: 'child', parentGroupName: thingGroupName }, 0),
  ).toMatchObject({ ok: false, error: { code: 'InvalidRequestException' } })
})

it('gateway G75: what joins a group that is being deleted goes with it', () => {
  const { registry, records } = openFleet()
  const deletion = registry.sliced.deleteThingGroup({ thingGroupName }, 0)
  advance(deletion, MEMBERS / 2)
  // It has left already.
  ok(registry.addThingToThingGroup({ thingName: 't-0', thingGroupName }, 0))
  finish(deletion)
  expect(registry.groupsOfThing('t-0')).toEqual([])
  expect(rows(records, 'thingGroupMembership')).toBe(0)
})

it('gateway G75: of two deletions at once, neither touches a new group of the name', () => {
  const { registry } = openFleet()
  const first = registry.sliced.deleteThingGroup({ thingGroupName }, 0)
  const second = registry.sliced.deleteThingGroup({ thingGroupName }, 0)
  advance(first, 1)
  advance(second, 1)
  finish(first)
  ok(registry.createThingGroup({ thingGroupName }, 0))
  ok(registry.addThingToThingGroup({ thingName: 't-1', thingGroupName }, 0))
  finish(second)
  expect(registry.groupsOfThing('t-1')).toEqual([thingGroupName])
})

it('gateway G78: a dynamic group that is being deleted takes nothing in again', () => {
  const { registry, told } = openFleet()
  const dynamic = { thingGroupName: 'D', queryString: 'thingName:t-*' }
  ok(registry.createDynamicThingGroup(dynamic, 0))
  while (registry.buildDynamicGroups());
  const deletion = registry.sliced.deleteDynamicThingGroup({ thingGroupName: 'D' }, 0)
  advance(deletion, 10)
  ok(registry.updateThing({ thingName: 't-0', attributePayload: { attributes: { a: '1' } } }, 0))
  ok(registry.createThing({ thingName: 't-new' }, 0))
  const waited = told.buildsWait
  ok(registry.updateDynamicThingGroup({ ...dynamic, queryString: '*', ...noProperties }, 0))
  expect(memberCount(registry, 'D')).toBe(MEMBERS - 10)
  finish(deletion)
  expect(registry.groupsOfThing('t-0')).toEqual([thingGroupName])
  expect(registry.groupsOfThing('t-new')).toEqual([])
  expect(registry.buildDynamicGroups()).toBe(false)
  expect(told.buildsWait).toBeLessThanOrEqual(waited + 1)
})

it('design 9: a deletion that a reset overtakes ends, and touches nothing new', () => {
  const { registry, records } = openFleet()
  const deletion = registry.sliced.deleteThingGroup({ thingGroupName }, 0)
  advance(deletion, 10)
  records.kinds.clear()
  registry.reload()
  ok(registry.createThing({ thingName: 't-1' }, 0))
  ok(registry.createThingGroup({ thingGroupName }, 0))
  ok(registry.addThingToThingGroup({ thingName: 't-1', thingGroupName }, 0))
  finish(deletion)
  // Ids begin anew in a test registry only where it is opened anew.
  expect(registry.groupsOfThing('t-1')).toEqual([thingGroupName])
})

const noProperties = { thingGroupProperties: {} }

function openFleet(): TestRegistry {
  const opened = openTestRegistry()
  const { registry } = opened
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  ok(registry.createThingGroup({ thingGroupName }, 0))
  for (let number = 0; number < MEMBERS; number += 1) {
    const thingName = `t-${number}`
    ok(registry.createThing({ thingName }, 0))
    ok(registry.addThingToThingGroup({ thingName, thingGroupName }, 0))
  }
  return opened
}

function advance(work: Sliced<unknown>, steps: number): void {
  for (let step = 0; step < steps; step += 1) expect(work.next().done).toBe(false)
}

function finish(work: Sliced<unknown>): void {
  while (work.next().done !== true);
}

function memberCount(registry: Registry, name: string = thingGroupName): number {
  return [...registry.thingsInGroup(name)].length
}

function rows(records: MapRecords, kind: string): number {
  return records.kinds.get(kind)?.size ?? 0
}
