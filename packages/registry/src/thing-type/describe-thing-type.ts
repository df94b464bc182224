/**
 * DescribeThingType and ListThingTypes (gateway G74).
 */
import type {
  DescribeThingTypeRequest,
  DescribeThingTypeResponse,
  ListThingTypesRequest,
  ListThingTypesResponse,
  ThingTypeDefinition,
} from '@aws-sdk/client-iot'
import { accept, iotArn, present, type Outcome } from '@muster/model'
import { nextToken, page } from '../paging/page.ts'
import { notHeld } from '../state/absent.ts'
import type { ThingTypeRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'

/** @returns ResourceNotFoundException for an absent type */
export function describeThingType(
  state: RegistryState,
  input: DescribeThingTypeRequest,
): Outcome<DescribeThingTypeResponse> {
  const { thingTypeName = '' } = input
  const type = state.thingTypes.byName.get(thingTypeName)
  if (type === undefined) return notHeld(state.ports.account, 'Thing Type', thingTypeName)
  return accept({ ...definition(state, type), thingTypeId: type.thingTypeId })
}

/** Types by name, or the one named. @returns InvalidRequestException for a bad token */
export function listThingTypes(
  state: RegistryState,
  input: ListThingTypesRequest,
): Outcome<ListThingTypesResponse> {
  const { thingTypeName } = input
  const outcome = page(
    {
      scope: JSON.stringify(['ListThingTypes', thingTypeName]),
      token: input.nextToken,
      size: input.maxResults,
    },
    (last) => {
      if (thingTypeName === undefined) return state.thingTypes.names.after(last)
      return last === undefined ? [thingTypeName] : []
    },
    (name) => {
      const type = state.thingTypes.byName.get(name)
      return type === undefined ? undefined : definition(state, type)
    },
  )
  if (!outcome.ok) return outcome
  return accept({ thingTypes: outcome.value.items, ...nextToken(outcome.value) })
}

function definition(state: RegistryState, type: ThingTypeRecord): ThingTypeDefinition {
  const { mqtt5PropagatingAttributes: propagating, deprecatedAtMs } = type
  return {
    thingTypeName: type.thingTypeName,
    thingTypeArn: iotArn(state.ports.account, 'thingtype', type.thingTypeName),
    thingTypeProperties: {
      ...present({ thingTypeDescription: type.description }),
      searchableAttributes: [...type.searchableAttributes],
      ...(propagating === undefined
        ? {}
        : { mqtt5Configuration: { propagatingAttributes: [...propagating] } }),
    },
    thingTypeMetadata: {
      deprecated: deprecatedAtMs !== undefined,
      ...(deprecatedAtMs === undefined ? {} : { deprecationDate: new Date(deprecatedAtMs) }),
      creationDate: new Date(type.createdAtMs),
    },
  }
}
