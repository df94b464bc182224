/**
 * Thing types (gateway G74).
 */
import type {
  CreateThingTypeRequest,
  CreateThingTypeResponse,
  DeleteThingTypeRequest,
  DeleteThingTypeResponse,
  DeprecateThingTypeRequest,
  DeprecateThingTypeResponse,
  Mqtt5Configuration,
  ThingTypeProperties,
  UpdateThingTypeRequest,
  UpdateThingTypeResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, refuse, type Outcome, type Refused } from '@muster/model'
import { notHeld } from '../state/absent.ts'
import { givenName } from '../state/constraints.ts'
import type { PropagatingAttributeRecord, ThingTypeRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { checkNewTags, putTags, TAGS_WITHOUT_VALUE } from '../tag/tags.ts'

/** Searchable attributes of one type. */
const SEARCHABLE_ATTRIBUTES_MAX = 3
/** User properties that one type adds to messages. */
const PROPAGATING_ATTRIBUTES_MAX = 10
/** How long a type must have been deprecated before it can be deleted (G74). */
const DEPRECATED_BEFORE_DELETE_MS = 5 * 60_000

/**
 * Creates a type; the same type again answers as the first time.
 *
 * @returns ResourceAlreadyExistsException for other properties under the name,
 *   InvalidRequestException for a bad name, properties or tags
 */
export function createThingType(
  state: RegistryState,
  input: CreateThingTypeRequest,
  nowMs: number,
): Outcome<CreateThingTypeResponse> {
  const { thingTypeProperties = {} } = input
  const name = givenName('thingTypeName', input.thingTypeName)
  if (!name.ok) return name
  const thingTypeName = name.value
  const bad = checkProperties(thingTypeProperties) ?? checkNewTags(input.tags, TAGS_WITHOUT_VALUE)
  if (bad !== undefined) return bad
  const thingTypeArn = iotArn(state.ports.account, 'thingtype', thingTypeName)
  const properties = {
    ...description(thingTypeProperties),
    searchableAttributes: thingTypeProperties.searchableAttributes ?? [],
    ...propagating(thingTypeProperties.mqtt5Configuration),
  }
  const existing = state.thingTypes.byName.get(thingTypeName)
  if (existing !== undefined) {
    if (sameProperties(existing, properties)) {
      return accept({ thingTypeName, thingTypeArn, thingTypeId: existing.thingTypeId })
    }
    return refuse(
      'ResourceAlreadyExistsException',
      `ThingType ${thingTypeName} already exists in account with different properties`,
      { resourceId: existing.thingTypeId, resourceArn: thingTypeArn },
    )
  }
  const type: ThingTypeRecord = {
    thingTypeName,
    thingTypeId: state.ports.newId(),
    ...properties,
    createdAtMs: nowMs,
  }
  state.thingTypes.byName.set(thingTypeName, type)
  putTags(state, thingTypeArn, input.tags)
  state.emit({ kind: 'thingType', thingTypeName, after: type })
  return accept({ thingTypeName, thingTypeArn, thingTypeId: type.thingTypeId })
}

/**
 * Changes a type's MQTT 5 configuration; the rest is fixed at its creation.
 *
 * @returns ResourceNotFoundException, InvalidRequestException for other properties and bad ones
 */
export function updateThingType(
  state: RegistryState,
  input: UpdateThingTypeRequest,
): Outcome<UpdateThingTypeResponse> {
  const { thingTypeName = '', thingTypeProperties = {} } = input
  const before = state.thingTypes.byName.get(thingTypeName)
  if (before === undefined) return notHeld(state.ports.account, 'Thing Type', thingTypeName)
  const { thingTypeDescription, searchableAttributes } = thingTypeProperties
  if (thingTypeDescription !== undefined || searchableAttributes !== undefined) {
    return invalidRequest('Can only update mqtt5Configuration.')
  }
  const bad = checkProperties(thingTypeProperties)
  if (bad !== undefined) return bad
  replaceType(state, before, { ...before, ...propagating(thingTypeProperties.mqtt5Configuration) })
  return accept({})
}

/** Deprecates a type, or takes that back. @returns ResourceNotFoundException */
export function deprecateThingType(
  state: RegistryState,
  input: DeprecateThingTypeRequest,
  nowMs: number,
): Outcome<DeprecateThingTypeResponse> {
  const { thingTypeName = '', undoDeprecate = false } = input
  const before = state.thingTypes.byName.get(thingTypeName)
  if (before === undefined) return notHeld(state.ports.account, 'Thing Type', thingTypeName)
  const deprecated = before.deprecatedAtMs !== undefined
  if (deprecated !== undoDeprecate) return accept({})
  const { deprecatedAtMs: _undone, ...kept } = before
  replaceType(state, before, undoDeprecate ? kept : { ...kept, deprecatedAtMs: nowMs })
  return accept({})
}

/**
 * Deletes a type; an absent one is deleted already.
 *
 * @returns InvalidRequestException until it has been deprecated for
 *   five minutes, and while things have it
 */
export function deleteThingType(
  state: RegistryState,
  input: DeleteThingTypeRequest,
  nowMs: number,
): Outcome<DeleteThingTypeResponse> {
  const { thingTypeName = '' } = input
  const type = state.thingTypes.byName.get(thingTypeName)
  if (type === undefined) return accept({})
  const { deprecatedAtMs } = type
  if (deprecatedAtMs === undefined) {
    return invalidRequest(
      `Cannot delete thing type : ${thingTypeName}. ` +
        'Deprecate it first, wait for 5 minutes and then retry',
    )
  }
  if (nowMs - deprecatedAtMs < DEPRECATED_BEFORE_DELETE_MS) {
    return invalidRequest(
      `Cannot delete thing type : ${thingTypeName}. ` +
        'Please wait for 5 minutes after deprecation and then retry',
    )
  }
  if (state.things.namesByType.get(thingTypeName).size > 0) {
    return invalidRequest(
      `Can not delete thing type ${thingTypeName} with things associated with it`,
    )
  }
  state.thingTypes.byName.delete(thingTypeName)
  state.tags.byArn.delete(iotArn(state.ports.account, 'thingtype', thingTypeName))
  state.emit({ kind: 'thingType', thingTypeName, before: type })
  return accept({})
}

function replaceType(state: RegistryState, before: ThingTypeRecord, after: ThingTypeRecord): void {
  const { thingTypeName } = before
  state.thingTypes.byName.set(thingTypeName, after)
  state.emit({ kind: 'thingType', thingTypeName, before, after })
}

function checkProperties(properties: ThingTypeProperties): Refused | undefined {
  if ((properties.searchableAttributes?.length ?? 0) > SEARCHABLE_ATTRIBUTES_MAX) {
    return invalidRequest(
      `a thing type has at most ${SEARCHABLE_ATTRIBUTES_MAX} searchable attributes`,
    )
  }
  const propagated = properties.mqtt5Configuration?.propagatingAttributes ?? []
  if (propagated.length > PROPAGATING_ATTRIBUTES_MAX) {
    return invalidRequest(
      `a thing type has at most ${PROPAGATING_ATTRIBUTES_MAX} propagating attributes`,
    )
  }
  for (const { userPropertyKey, thingAttribute, connectionAttribute } of propagated) {
    if (userPropertyKey === undefined) return invalidRequest('userPropertyKey must be given')
    if ((thingAttribute === undefined) === (connectionAttribute === undefined)) {
      return invalidRequest('either thingAttribute or connectionAttribute must be given')
    }
  }
  return undefined
}

function description(properties: ThingTypeProperties): { description?: string } {
  const { thingTypeDescription } = properties
  return thingTypeDescription === undefined ? {} : { description: thingTypeDescription }
}

function propagating(configuration: Mqtt5Configuration | undefined): {
  mqtt5PropagatingAttributes?: readonly PropagatingAttributeRecord[]
} {
  if (configuration === undefined) return {}
  const attributes = configuration.propagatingAttributes ?? []
  return { mqtt5PropagatingAttributes: attributes as readonly PropagatingAttributeRecord[] }
}

function sameProperties(
  existing: ThingTypeRecord,
  properties: Pick<
    ThingTypeRecord,
    'description' | 'searchableAttributes' | 'mqtt5PropagatingAttributes'
  >,
): boolean {
  const parts = (type: typeof properties): string =>
    JSON.stringify([
      type.description,
      type.searchableAttributes.toSorted(),
      type.mqtt5PropagatingAttributes,
    ])
  return parts(existing) === parts(properties)
}
