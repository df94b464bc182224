/**
 * Which fields an index has by itself, and which may be added to it (gateway G80).
 */
import { invalidRequest, type Refused } from '@muster/model'
import type { Field } from '@aws-sdk/client-iot'
import { isAttributeName } from '../state/constraints.ts'
import type { IndexingRecord } from '../state/settings-state.ts'
import { ATTRIBUTES } from './thing-fields.ts'

/** Custom fields of one index (AWS's quotas). */
const CUSTOM_FIELDS_MAX = 5

const REGISTRY_FIELDS: readonly Field[] = [
  { name: 'thingName', type: 'String' },
  { name: 'thingId', type: 'String' },
  { name: 'registry.version', type: 'Number' },
  { name: 'registry.thingTypeName', type: 'String' },
  { name: 'registry.thingGroupNames', type: 'String' },
]

const CONNECTIVITY_FIELDS: readonly Field[] = [
  { name: 'connectivity.connected', type: 'Boolean' },
  { name: 'connectivity.timestamp', type: 'Number' },
  { name: 'connectivity.disconnectReason', type: 'String' },
]

const GROUP_FIELDS: readonly Field[] = [
  { name: 'thingGroupName', type: 'String' },
  { name: 'thingGroupId', type: 'String' },
  { name: 'thingGroupDescription', type: 'String' },
  { name: 'parentGroupNames', type: 'String' },
  { name: 'version', type: 'Number' },
]

/** Fields of things that need not be asked for; none while things are not indexed. */
export function managedThingFields(indexing: IndexingRecord): Field[] {
  if (indexing.thingIndexingMode === 'OFF') return []
  const connectivity = indexing.thingConnectivityIndexingMode === 'STATUS'
  return connectivity ? [...REGISTRY_FIELDS, ...CONNECTIVITY_FIELDS] : [...REGISTRY_FIELDS]
}

/** As {@link managedThingFields}, of groups. */
export function managedThingGroupFields(indexing: IndexingRecord): Field[] {
  return indexing.thingGroupIndexingMode === 'OFF' ? [] : [...GROUP_FIELDS]
}

/**
 * Refuses custom fields that the index cannot have: more than five, one twice, managed ones, and
 * names of nothing that is indexed. Fields of shadows are taken where shadows are asked for.
 */
export function checkCustomFields(
  fields: readonly Field[] | undefined,
  withShadows: boolean,
): Refused | undefined {
  if (fields === undefined) return undefined
  if (fields.length > CUSTOM_FIELDS_MAX) {
    return invalidRequest(
      `at most ${CUSTOM_FIELDS_MAX} customFields are allowed, not ${fields.length}`,
    )
  }
  const names = new Set<string>()
  for (const { name = '', type } of fields) {
    const attribute = name.startsWith(ATTRIBUTES) && isAttributeName(name.slice(ATTRIBUTES.length))
    const shadow = withShadows && /^shadow\.[^\s]+$/.test(name)
    if (!attribute && !shadow) {
      return invalidRequest(`custom field ${name} is no field of this index`)
    }
    if (type === undefined) return invalidRequest(`custom field ${name} needs a type`)
    if (names.has(name)) return invalidRequest(`custom field ${name} is given twice`)
    names.add(name)
  }
  return undefined
}
