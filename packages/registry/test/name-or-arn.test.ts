/** Things and groups that a request names by name, by ARN, or by both. */
import { expect, it } from 'vitest'
import { arn, ok, openTestRegistry, said } from './open-test-registry.ts'

const THING = arn('thing/T')
const GROUP = arn('thinggroup/G')

it('gateway G76: names and ARNs that agree mean the same; an ARN’s region is not looked at', () => {
  const { registry } = openTestRegistry()
  ok(registry.createThing({ thingName: 'T' }, 0))
  ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
  const members = (): readonly string[] | undefined =>
    ok(registry.listThingsInThingGroup({ thingGroupName: 'G' }, 0)).things
  for (const named of [
    { thingGroupArn: GROUP, thingArn: THING },
    { thingGroupArn: GROUP.replace('us-east-1', 'eu-west-3'), thingName: 'T' },
    { thingGroupName: 'G', thingGroupArn: GROUP, thingName: 'T', thingArn: THING },
  ]) {
    ok(registry.addThingToThingGroup(named, 0))
    expect(members()).toEqual(['T'])
    ok(registry.removeThingFromThingGroup(named, 0))
    expect(members()).toEqual([])
  }
})

it.for([
  [
    { thingGroupName: 'G', thingGroupArn: arn('thinggroup/H'), thingName: 'T' },
    'ThingGroupName from thingGroupArn does not match specified thingGroupName in request',
  ],
  [
    { thingGroupName: 'G', thingName: 'U', thingArn: THING },
    'ThingName in thingArn does not match specified thingName in request',
  ],
  [
    { thingName: 'T' },
    'Both thingGroupArn and thingGroupName are empty. Need to specify at least one of them',
  ],
  [
    { thingGroupName: 'G' },
    'Both thingArn and thingName are empty. Need to specify at least one of them',
  ],
  [{ thingGroupArn: THING, thingName: 'T' }, 'Invalid ThingGroupArn'],
  [{ thingGroupName: 'G', thingArn: GROUP }, 'Invalid ThingArn'],
  [{ thingGroupArn: 'G', thingName: 'T' }, 'Invalid arn in request'],
  [
    { thingGroupArn: GROUP.replace('123456789012', '210987654321'), thingName: 'T' },
    "ResourceArn doesn't belong in requester's account",
  ],
  [{ thingGroupArn: THING, thingArn: GROUP }, 'Invalid ThingGroupArn'],
] as const)('gateway G76: names that mean nothing: %j', ([named, message]) => {
  const { registry } = openTestRegistry()
  for (const call of [registry.addThingToThingGroup, registry.removeThingFromThingGroup]) {
    expect(said(call(named, 0))).toBe(`InvalidRequestException: ${message}`)
  }
})

it('gateway G75, G76, G78: what takes static groups alone says which group is dynamic', () => {
  const { registry } = openTestRegistry()
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  ok(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: '*' }, 0))
  ok(registry.createThing({ thingName: 'T' }, 0))
  ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, 0))
  const group = { thingGroupName: 'D' }
  for (const outcome of [
    registry.deleteThingGroup(group, 0),
    registry.updateThingGroup({ ...group, thingGroupProperties: {} }, 0),
    registry.addThingToThingGroup({ ...group, thingName: 'T' }, 0),
    registry.removeThingFromThingGroup({ ...group, thingName: 'T' }, 0),
    registry.createThingGroup({ thingGroupName: 'C', parentGroupName: 'D' }, 0),
    registry.attachPolicy({ policyName: 'P', target: arn('thinggroup/D') }, 0),
  ]) {
    expect(said(outcome)).toBe(
      'InvalidRequestException: This operation does not support dynamic thing groups. ' +
        `Thing group arn: ${arn('thinggroup/D')}`,
    )
  }
})
