/**
 * Which fields an index has by itself, and which may be added to it (gateway G80).
 */
import type { Field } from '@aws-sdk/client-iot'
import { invalidRequest, type Refused } from '@muster/model'
import { isAttributeName } from '../state/constraints.ts'
import type { IndexingRecord } from '../state/settings-state.ts'
import { isShadowIndexed, shadowField } from './shadow-fields.ts'
import { ATTRIBUTES } from './thing-fields.ts'

/** Custom fields of one index (AWS's quotas). */
const CUSTOM_FIELDS_MAX = 5

const text = (name: string): Field => ({ name, type: 'String' })
const number = (name: string): Field => ({ name, type: 'Number' })
const boolean = (name: string): Field => ({ name, type: 'Boolean' })

const REGISTRY: readonly Field[] = [
  text('thingName'),
  text('thingId'),
  number('registry.version'),
  text('registry.thingTypeName'),
  text('registry.thingGroupNames'),
]
const SHADOW: readonly Field[] = [number('shadow.version'), boolean('shadow.hasDelta')]
const NAMED_SHADOW: readonly Field[] = [
  boolean('shadow.name.*.hasDelta'),
  number('shadow.name.*.version'),
]
const CONNECTIVITY: readonly Field[] = [
  boolean('connectivity.connected'),
  number('connectivity.timestamp'),
  text('connectivity.disconnectReason'),
  text('connectivity.clientId'),
  boolean('connectivity.cleanSession'),
  number('connectivity.keepAliveDuration'),
  number('connectivity.sessionExpiry'),
  number('connectivity.version'),
]
const DEVICE_DEFENDER: readonly Field[] = [
  number('deviceDefender.version'),
  number('deviceDefender.violationCount'),
  boolean('deviceDefender.*.*.inViolation'),
  number('deviceDefender.*.*.lastViolationTime'),
  text('deviceDefender.*.*.metricName'),
]

/** Every field that an index of things can have by itself. */
export const MANAGED_FIELDS: readonly Field[] = [
  ...REGISTRY,
  ...SHADOW,
  ...NAMED_SHADOW,
  ...CONNECTIVITY,
  ...DEVICE_DEFENDER,
]

/** Every field that an index of groups has by itself. */
export const MANAGED_GROUP_FIELDS: readonly Field[] = [
  text('parentGroupNames'),
  text('description'),
  number('version'),
  text('thingGroupName'),
  text('thingGroupId'),
]

/** Fields of things that need not be asked for; none while things are not indexed. */
export function managedThingFields(indexing: IndexingRecord): Field[] {
  const { thingIndexingMode, thing } = indexing
  if (thingIndexingMode === 'OFF') return []
  return [
    ...REGISTRY,
    ...(thingIndexingMode === 'REGISTRY_AND_SHADOW' ? SHADOW : []),
    ...(thing.namedShadowIndexingMode === 'ON' ? NAMED_SHADOW : []),
    ...(indexing.thingConnectivityIndexingMode === 'STATUS' ? CONNECTIVITY : []),
    ...(thing.deviceDefenderIndexingMode === 'VIOLATIONS' ? DEVICE_DEFENDER : []),
  ]
}

/** As {@link managedThingFields}, of groups. */
export function managedThingGroupFields(indexing: IndexingRecord): Field[] {
  return indexing.thingGroupIndexingMode === 'OFF' ? [] : [...MANAGED_GROUP_FIELDS]
}

/** Refuses managed fields that the index has not; those it has need not be sent. */
export function checkManagedFields(
  configuration: 'thingIndexingConfiguration' | 'thingGroupIndexingConfiguration',
  fields: readonly Field[] | undefined = [],
): Refused | undefined {
  const known =
    configuration === 'thingIndexingConfiguration' ? MANAGED_FIELDS : MANAGED_GROUP_FIELDS
  const unknown = fields.filter(
    ({ name, type }) => !known.some((field) => field.name === name && field.type === type),
  )
  if (unknown.length === 0) return undefined
  const shown = unknown.map(({ name, type }) => `name:${name ?? null}, type:${type ?? null}`)
  return invalidRequest(
    `Only managed fields with expected types are allowed in ${configuration}.managedFields. ` +
      `Invalid field(s): [${shown.join(', ')}]`,
  )
}

/**
 * Refuses custom fields that the index cannot have: without a name or type, managed ones, more
 * than five, one twice, and names of nothing that is indexed.
 *
 * @param indexing - as it shall be: which fields of shadows are taken (neighbours N50)
 */
export function checkCustomFields(
  fields: readonly Field[] | undefined,
  indexing: IndexingRecord | undefined,
): Refused | undefined {
  if (fields === undefined) return undefined
  for (const { name, type } of fields) {
    if (name === undefined) {
      // AWS leaves out the blank in the middle.
      return invalidRequest(
        `Custom field name cannot be nullFieldName: null, FieldType: ${type ?? null}`,
      )
    }
    if (type === undefined) {
      return invalidRequest(
        'Invalid field type: null. Expecting one of [String, Number, Boolean, Geopoint]',
      )
    }
    if (MANAGED_FIELDS.some((field) => field.name === name)) {
      return invalidRequest(
        `Defined field is a reserved field for MULTI_INDEXING_MODE. Field: ${name}`,
      )
    }
  }
  return checkCustomNames(
    fields.map(({ name = '' }) => name),
    indexing,
  )
}

function checkCustomNames(
  names: readonly string[],
  indexing: IndexingRecord | undefined,
): Refused | undefined {
  if (names.length > CUSTOM_FIELDS_MAX) {
    return invalidRequest(
      `at most ${CUSTOM_FIELDS_MAX} customFields are allowed, not ${names.length}`,
    )
  }
  for (const [index, name] of names.entries()) {
    const attribute = name.startsWith(ATTRIBUTES) && isAttributeName(name.slice(ATTRIBUTES.length))
    const field = shadowField(name)
    const shadow = field !== undefined && isShadowIndexed(indexing, field.shadowName)
    if (!attribute && !shadow) {
      return invalidRequest(`custom field ${name} is not a field of this index`)
    }
    if (names.indexOf(name) < index) return invalidRequest(`custom field ${name} is given twice`)
  }
  return undefined
}
