/** What the configuration of the indexes tells. */
import { expect, it } from 'vitest'
import { ok, openTestRegistry } from './open-test-registry.ts'

it('gateway G80: managed fields of groups are told while groups are indexed', () => {
  const { registry } = openTestRegistry()
  const managed = (thingGroupIndexingMode: 'OFF' | 'ON'): (string | undefined)[] => {
    const groups = { thingGroupIndexingMode }
    ok(registry.updateIndexingConfiguration({ thingGroupIndexingConfiguration: groups }, 0))
    const configuration = ok(registry.getIndexingConfiguration({}, 0))
    const { managedFields = [] } = configuration.thingGroupIndexingConfiguration ?? {}
    return managedFields.map(({ name }) => name)
  }
  expect(managed('OFF')).toEqual([])
  expect(managed('ON')).toEqual(
    ['parentGroupNames', 'description', 'version'].concat('thingGroupName', 'thingGroupId'),
  )
  expect(managed('OFF')).toEqual([])
})
