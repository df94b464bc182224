import { ok, openTestRegistry, type TestRegistry } from './open-test-registry.ts'

/** One small fleet, indexed with its connectivity. */
export function openFleet(): TestRegistry {
  const opened = openTestRegistry()
  const { registry, connectivity } = opened
  ok(
    registry.updateIndexingConfiguration(
      {
        thingIndexingConfiguration: {
          thingIndexingMode: 'REGISTRY',
          thingConnectivityIndexingMode: 'STATUS',
        },
      },
      0,
    ),
  )
  ok(registry.createThingType({ thingTypeName: 'Sensor' }, 0))
  ok(registry.createThingGroup({ thingGroupName: 'north-group' }, 0))
  ok(registry.createBillingGroup({ billingGroupName: 'bill' }, 0))
  const create = (
    thingName: string,
    attributes: Record<string, string>,
    rest: { thingTypeName?: string; billingGroupName?: string } = {},
  ): unknown =>
    ok(registry.createThing({ thingName, attributePayload: { attributes }, ...rest }, 0))
  create('alpha-1', { site: 'North', count: '75' }, { thingTypeName: 'Sensor' })
  create('alpha-2', { site: 'south', count: '80', serial: 'abce' }, { billingGroupName: 'bill' })
  create('beta-1', { count: '9', serial: 'abcz' }, { thingTypeName: 'Sensor' })
  create('Gamma', { 'a:b': 'x' })
  ok(registry.addThingToThingGroup({ thingName: 'alpha-1', thingGroupName: 'north-group' }, 0))
  connectivity.set('alpha-1', { connected: true, timestampMs: 2000 })
  connectivity.set('beta-1', {
    connected: false,
    timestampMs: 1000,
    disconnectReason: 'CONNECTION_LOST',
  })
  return opened
}
