/**
 * Sorted sets against arrays, and pages over things that change between pages: what stays is seen
 * exactly once.
 */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { SortedNames } from '../src/paging/sorted-names.ts'
import { mergedAfter } from '../src/paging/merged-names.ts'
import { ok, openTestRegistry } from './open-test-registry.ts'

const name = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', '0', '-'),
  minLength: 1,
  maxLength: 6,
})

it('gateway G82: a sorted set holds, walks and forgets as a sorted array does', () => {
  const command = fc.tuple(fc.boolean(), name)
  fc.assert(
    fc.property(fc.array(command, { maxLength: 2000, size: 'max' }), name, (commands, probe) => {
      const names = new SortedNames()
      const model = new Set<string>()
      for (const [adds, text] of commands) {
        if (adds) expect(names.add(text)).toBe(!model.has(text))
        else expect(names.delete(text)).toBe(model.has(text))
        if (adds) model.add(text)
        else model.delete(text)
      }
      const sorted = [...model].sort()
      expect(names.size).toBe(sorted.length)
      expect(names.has(probe)).toBe(model.has(probe))
      expect([...names]).toEqual(sorted)
      expect([...names.from(probe)]).toEqual(sorted.filter((text) => text >= probe))
      expect([...names.after(probe)]).toEqual(sorted.filter((text) => text > probe))
      expect([...names.before(probe)]).toEqual(sorted.filter((text) => text < probe).reverse())
      expect([...names.before()]).toEqual(sorted.toReversed())
      const prefixed = sorted.filter((text) => text.startsWith(probe))
      expect([...names.withPrefix(probe)]).toEqual(prefixed)
      expect([...names.withPrefix('a', probe)]).toEqual(
        sorted.filter((text) => text.startsWith('a') && text > probe),
      )
    }),
    { numRuns: 60 },
  )
})

it('gateway G82: merged sets are walked as their union', () => {
  fc.assert(
    fc.property(fc.array(fc.array(name), { maxLength: 5 }), fc.option(name), (lists, last) => {
      const sets = lists.map((list) => {
        const set = new SortedNames()
        for (const text of list) set.add(text)
        return set
      })
      const union = [...new Set(lists.flat())].sort()
      expect([...mergedAfter(sets, last ?? undefined)]).toEqual(
        union.filter((text) => last === null || text > last),
      )
    }),
  )
})

it('gateway G73: walking while others come and go sees each stable thing exactly once', () => {
  const change = fc.tuple(
    fc.boolean(),
    name.map((text) => `x${text}`),
  )
  fc.assert(
    fc.property(
      fc.uniqueArray(
        name.map((text) => `s${text}`),
        { maxLength: 30 },
      ),
      fc.array(change, { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      (stable, changes, maxResults) => {
        const { registry } = openTestRegistry()
        for (const thingName of stable) ok(registry.createThing({ thingName }, 0))
        const pending = [...changes]
        const seen: string[] = []
        let nextToken: string | undefined
        do {
          const answer = ok(registry.listThings({ maxResults, nextToken }, 0))
          seen.push(...(answer.things ?? []).map(({ thingName = '' }) => thingName))
          nextToken = answer.nextToken
          for (const [creates, thingName] of pending.splice(0, 3)) {
            if (creates) ok(registry.createThing({ thingName }, 0))
            else ok(registry.deleteThing({ thingName }, 0))
          }
        } while (nextToken !== undefined)
        expect(seen.filter((text) => text.startsWith('s')).toSorted()).toEqual(stable.toSorted())
        expect(new Set(seen).size).toBe(seen.length)
      },
    ),
    { numRuns: 200 },
  )
})

it('gateway G82: every listing, walked in pages of one, yields each item exactly once', () => {
  const { registry } = openTestRegistry()
  const numbers = Array.from({ length: 12 }, (_, index) => index)
  ok(registry.createThingType({ thingTypeName: 'Y' }, 0))
  ok(registry.createThingGroup({ thingGroupName: 'P' }, 0))
  ok(registry.createBillingGroup({ billingGroupName: 'B' }, 0))
  for (const number of numbers) {
    const thingGroupName = `P${number}`
    ok(registry.createThingGroup({ thingGroupName, parentGroupName: 'P' }, 0))
    ok(registry.createThingType({ thingTypeName: `Y${number}` }, 0))
    ok(registry.createBillingGroup({ billingGroupName: `B${number}` }, 0))
    ok(registry.createPolicy({ policyName: `P${number}`, policyDocument: '{}' }, 0))
    const thingName = `T${number}`
    const attributePayload = { attributes: { color: number % 2 === 0 ? 'red' : 'Red' } }
    const rest = { thingTypeName: 'Y', billingGroupName: 'B', attributePayload }
    ok(registry.createThing({ thingName, ...rest }, 0))
    ok(registry.addThingToThingGroup({ thingName, thingGroupName: `P${number % 5}` }, 0))
  }
  const walk = (list: (nextToken: string | undefined) => object, member: string): unknown[] => {
    const items: unknown[] = []
    let token: string | undefined
    do {
      const answer = list(token) as Record<string, unknown>
      expect(answer[member]).toHaveLength(1)
      items.push(...(answer[member] as unknown[]))
      token = (answer['nextToken'] ?? answer['nextMarker']) as string | undefined
    } while (token !== undefined)
    return items
  }
  const one = { maxResults: 1 }
  const sizes = [
    walk((nextToken) => ok(registry.listThings({ ...one, nextToken }, 0)), 'things'),
    walk(
      (nextToken) => ok(registry.listThings({ ...one, nextToken, thingTypeName: 'Y' }, 0)),
      'things',
    ),
    walk((nextToken) => {
      const filter = { attributeName: 'color', attributeValue: 'red' }
      return ok(registry.listThings({ ...one, nextToken, ...filter }, 0))
    }, 'things'),
    walk((nextToken) => ok(registry.listThingTypes({ ...one, nextToken }, 0)), 'thingTypes'),
    walk((nextToken) => ok(registry.listThingGroups({ ...one, nextToken }, 0)), 'thingGroups'),
    walk(
      (nextToken) => ok(registry.listThingGroups({ ...one, nextToken, parentGroup: 'P' }, 0)),
      'thingGroups',
    ),
    walk((nextToken) => {
      const input = { ...one, nextToken, thingGroupName: 'P', recursive: true }
      return ok(registry.listThingsInThingGroup(input, 0))
    }, 'things'),
    walk((nextToken) => ok(registry.listBillingGroups({ ...one, nextToken }, 0)), 'billingGroups'),
    walk(
      (nextToken) =>
        ok(registry.listThingsInBillingGroup({ ...one, nextToken, billingGroupName: 'B' }, 0)),
      'things',
    ),
    walk((marker) => ok(registry.listPolicies({ pageSize: 1, marker }, 0)), 'policies'),
  ].map((items) => [items.length, new Set(items.map((item) => JSON.stringify(item))).size])
  expect(sizes).toEqual([
    [12, 12],
    [12, 12],
    [6, 6],
    [13, 13],
    [13, 13],
    [12, 12],
    [12, 12],
    [13, 13],
    [12, 12],
    [12, 12],
  ])
})
