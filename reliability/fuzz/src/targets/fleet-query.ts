import type { TargetModule } from '../target.ts'
import { smallFleet } from './registry-world.ts'

/** A query, searched and made a group of. */
export const reader: TargetModule['reader'] = () => {
  const registry = smallFleet()
  return (input) => {
    const queryString = Buffer.from(input).toString('utf8')
    const searched = registry.searchIndex({ queryString }, 0)
    const thingGroupName = 'dynamic'
    const made = registry.createDynamicThingGroup({ thingGroupName, queryString }, 0)
    if (made.ok) registry.deleteDynamicThingGroup({ thingGroupName }, 0)
    registry.getStatistics({ queryString, aggregationField: 'attributes.count' }, 0)
    if (searched.ok && (searched.value.things ?? []).length > 3) throw new Error('found too many')
  }
}
