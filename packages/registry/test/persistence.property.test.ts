/**
 * Random histories: what a registry answers is what another one answers that was opened on its
 * records; and a refused operation leaves no trace.
 */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Registry } from '../src/index.ts'
import {
  arn,
  code,
  newCertificate,
  openTestRegistry,
  type TestRegistry,
} from './open-test-registry.ts'

const COGNITO = ['us-east-1:11111111-2222-3333-4444-555555555555']
const thingName = fc.constantFrom('T1', 'T2', 'T3')
const thingTypeName = fc.constantFrom('Y1', 'Y2')
const thingGroupName = fc.constantFrom('G1', 'G2', 'G3', 'D1')
const policyName = fc.constantFrom('P1', 'P2')
const value = fc.constantFrom('1', '2', '')
const flag = fc.boolean()

type Step = (registry: Registry, certificate: string, nowMs: number) => unknown

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(thingName, fc.option(thingTypeName, { nil: undefined }), value).map(
    ([name, type, a]): Step =>
      (registry, _, nowMs) =>
        registry.createThing(
          { thingName: name, thingTypeName: type, attributePayload: { attributes: { a } } },
          nowMs,
        ),
  ),
  fc.tuple(thingName, value, flag, flag).map(
    ([name, b, merge, removeThingType]): Step =>
      (registry, _, nowMs) =>
        registry.updateThing(
          { thingName: name, attributePayload: { attributes: { b }, merge }, removeThingType },
          nowMs,
        ),
  ),
  thingName.map(
    (name): Step =>
      (registry, _, nowMs) =>
        registry.deleteThing({ thingName: name }, nowMs),
  ),
  fc.tuple(thingTypeName, flag).map(
    ([name, undoDeprecate]): Step =>
      (registry, _, nowMs) =>
        registry.createThingType({ thingTypeName: name }, nowMs).ok &&
        registry.deprecateThingType({ thingTypeName: name, undoDeprecate }, nowMs),
  ),
  thingTypeName.map(
    (name): Step =>
      (registry, _, nowMs) =>
        registry.deleteThingType({ thingTypeName: name }, nowMs),
  ),
  fc.tuple(thingGroupName, fc.option(thingGroupName, { nil: undefined })).map(
    ([name, parentGroupName]): Step =>
      (registry, _, nowMs) =>
        name === 'D1'
          ? registry.createDynamicThingGroup(
              { thingGroupName: name, queryString: 'attributes.b:2 OR thingGroupNames:g1' },
              nowMs,
            )
          : registry.createThingGroup(
              { thingGroupName: name, parentGroupName, tags: [{ Key: 'k', Value: 'v' }] },
              nowMs,
            ),
  ),
  thingGroupName.map(
    (name): Step =>
      (registry, _, nowMs) =>
        name === 'D1'
          ? registry.deleteDynamicThingGroup({ thingGroupName: name }, nowMs)
          : registry.deleteThingGroup({ thingGroupName: name }, nowMs),
  ),
  fc.tuple(thingName, fc.array(thingGroupName), fc.array(thingGroupName)).map(
    ([name, thingGroupsToAdd, thingGroupsToRemove]): Step =>
      (registry, _, nowMs) =>
        registry.updateThingGroupsForThing(
          { thingName: name, thingGroupsToAdd, thingGroupsToRemove },
          nowMs,
        ),
  ),
  fc.tuple(thingName, flag, flag).map(
    ([name, attaches, exclusive]): Step =>
      (registry, principal, nowMs) =>
        attaches
          ? registry.attachThingPrincipal(
              {
                thingName: name,
                principal,
                thingPrincipalType: exclusive ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING',
              },
              nowMs,
            )
          : registry.detachThingPrincipal({ thingName: name, principal }, nowMs),
  ),
  fc
    .tuple(policyName, fc.constantFrom('create', 'version', 'default', 'delete'))
    .map(([name, action]): Step => (registry, _, nowMs) => {
      const document = { policyName: name, policyDocument: `{${nowMs}}` }
      if (action === 'create') return registry.createPolicy(document, nowMs)
      if (action === 'version') return registry.createPolicyVersion(document, nowMs)
      if (action === 'delete') return registry.deletePolicy({ policyName: name }, nowMs)
      return registry.setDefaultPolicyVersion({ policyName: name, policyVersionId: '2' }, nowMs)
    }),
  fc
    .tuple(policyName, fc.constantFrom('G1', 'D1', 'certificate'), flag)
    .map(([name, to, attaches]): Step => (registry, certificate, nowMs) => {
      const target = to === 'certificate' ? certificate : arn(`thinggroup/${to}`)
      return attaches
        ? registry.attachPolicy({ policyName: name, target }, nowMs)
        : registry.detachPolicy({ policyName: name, target }, nowMs)
    }),
)

/** Everything that can be asked about the small world of these histories. */
function everything({ registry }: TestRegistry, certificate: string): unknown {
  const things = ['T1', 'T2', 'T3']
  const groups = ['G1', 'G2', 'G3', 'D1']
  return {
    things: registry.listThings({}, 0),
    byAttribute: registry.listThings({ attributeName: 'b', attributeValue: '2' }, 0),
    byType: registry.listThings({ thingTypeName: 'Y1' }, 0),
    search: registry.searchIndex({ queryString: 'thingName:t* NOT attributes.a:1' }, 0),
    types: registry.listThingTypes({}, 0),
    groups: groups.map((name) => [
      registry.describeThingGroup({ thingGroupName: name }, 0),
      registry.listThingsInThingGroup({ thingGroupName: name, recursive: true }, 0),
      registry.listThingGroups({ parentGroup: name }, 0),
      registry.policiesOfTarget(arn(`thinggroup/${name}`)),
      registry.tagsOf(arn(`thinggroup/${name}`)),
    ]),
    perThing: things.map((name) => [
      registry.describeThing({ thingName: name }, 0),
      registry.groupsOfThing(name),
      registry.listThingPrincipalsV2({ thingName: name }, 0),
    ]),
    ofCertificate: registry.thingsOfPrincipal(certificate),
    policies: [
      registry.listPolicies({}, 0),
      registry.listAttachedPolicies({ target: certificate }, 0),
    ],
    perPolicy: ['P1', 'P2'].map((name) => [
      registry.getPolicy({ policyName: name }, 0),
      registry.listPolicyVersions({ policyName: name }, 0),
      registry.listTargetsForPolicy({ policyName: name }, 0),
    ]),
    others: COGNITO.map((target) => registry.policiesOfTarget(target)),
  }
}

/** All records, in an order that does not depend on when they were written. */
function sortedRows({ records }: TestRegistry): string[] {
  return [...records.kinds]
    .flatMap(([kind, rows]) => [...rows].map(([key, row]) => `${kind} ${key} ${String(row)}`))
    .sort()
}

it('design 6: a registry opened on the records of another answers the same', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const before = openTestRegistry()
      const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
      before.registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0)
      const certificate = newCertificate(before.registry)
      for (const [at, apply] of steps.entries()) {
        const rows = sortedRows(before)
        const told = before.changes.length
        const outcome = apply(before.registry, certificate, at * 100_000)
        if (typeof outcome === 'object' && code(outcome as never) !== 'ok') {
          expect(sortedRows(before)).toEqual(rows)
          expect(before.changes.length).toBe(told)
        }
      }
      const after = openTestRegistry(before.records)
      expect(everything(after, certificate)).toEqual(everything(before, certificate))
    }),
    { numRuns: 150 },
  )
})

it('design 9: a reset leaves neither rows nor answers', () => {
  const opened = openTestRegistry()
  const { registry, records } = opened
  const certificate = newCertificate(registry)
  registry.createThing({ thingName: 'T1' }, 0)
  registry.createThingGroup({ thingGroupName: 'G1', tags: [{ Key: 'k', Value: 'v' }] }, 0)
  registry.addThingToThingGroup({ thingName: 'T1', thingGroupName: 'G1' }, 0)
  registry.attachThingPrincipal({ thingName: 'T1', principal: certificate }, 0)
  registry.createPolicy({ policyName: 'P1', policyDocument: '{}' }, 0)
  registry.attachPolicy({ policyName: 'P1', target: certificate }, 0)
  registry.updateEventConfigurations({ eventConfigurations: { THING: { Enabled: true } } }, 0)
  records.kinds.clear()
  registry.reload()
  expect(registry.isEventEnabled('THING')).toBe(false)
  expect(everything(opened, certificate)).toEqual(everything(openTestRegistry(), certificate))
})
