/**
 * DescribeThing and ListThings (gateway G69, G73).
 */
import type {
  DescribeThingRequest,
  DescribeThingResponse,
  ListThingsRequest,
  ListThingsResponse,
  ThingAttribute,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, present, type Outcome } from '@muster/model'
import { nextToken, pageInSteps } from '../paging/page.ts'
import { notHeld } from '../state/absent.ts'
import type { ThingRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import { attributeKey, nameInAttributeKey } from './thing-state.ts'

/** @returns ResourceNotFoundException for an absent thing */
export function describeThing(
  state: RegistryState,
  input: DescribeThingRequest,
): Outcome<DescribeThingResponse> {
  const { thingName = '' } = input
  const thing = state.things.byName.get(thingName)
  if (thing === undefined) return notHeld(state.ports.account, 'Thing', thingName)
  return accept({
    defaultClientId: thingName,
    thingName,
    thingId: thing.thingId,
    thingArn: iotArn(state.ports.account, 'thing', thingName),
    ...present({ thingTypeName: thing.thingTypeName }),
    attributes: { ...thing.attributes },
    version: thing.version,
    ...present({ billingGroupName: thing.billingGroupName }),
  })
}

/**
 * Things by name: all, those of a type, or those whose attribute has a value.
 *
 * @returns InvalidRequestException for a bad token, an attribute name without a value, and a type
 *   and an attribute together
 */
export function* listThings(
  state: RegistryState,
  input: ListThingsRequest,
): Sliced<Outcome<ListThingsResponse>> {
  const { attributeName, attributeValue, thingTypeName, usePrefixAttributeValue = false } = input
  if ((attributeName === undefined) !== (attributeValue === undefined)) {
    return invalidRequest('attributeName and attributeValue must be given together')
  }
  if (attributeName !== undefined && thingTypeName !== undefined) {
    return invalidRequest(
      'Listing things by the combination of attribute and thing type is not supported',
    )
  }
  const byAttribute = attributeName !== undefined && attributeValue !== undefined
  const scope = JSON.stringify([
    'ListThings',
    attributeName,
    attributeValue,
    thingTypeName,
    usePrefixAttributeValue,
  ])
  const outcome = yield* pageInSteps(
    { scope, token: input.nextToken, size: input.maxResults },
    (last) => {
      if (byAttribute) {
        const prefix = usePrefixAttributeValue
          ? attributeValue.toLowerCase()
          : attributeKey(attributeValue, '')
        return state.things.keysByAttribute.get(attributeName).withPrefix(prefix, last)
      }
      if (thingTypeName !== undefined) {
        return state.things.namesByType.get(thingTypeName).after(last)
      }
      return state.things.names.after(last)
    },
    (key) => {
      const thing = state.things.byName.get(byAttribute ? nameInAttributeKey(key) : key)
      if (thing === undefined) return undefined
      if (byAttribute) {
        const value = thing.attributes[attributeName] ?? ''
        const found = usePrefixAttributeValue
          ? value.startsWith(attributeValue)
          : value === attributeValue
        if (!found) return undefined
      }
      return thingAttribute(state, thing)
    },
  )
  if (!outcome.ok) return outcome
  return accept({ things: outcome.value.items, ...nextToken(outcome.value) })
}

function thingAttribute(state: RegistryState, thing: ThingRecord): ThingAttribute {
  return {
    thingName: thing.thingName,
    ...present({ thingTypeName: thing.thingTypeName }),
    thingArn: iotArn(state.ports.account, 'thing', thing.thingName),
    attributes: { ...thing.attributes },
    version: thing.version,
  }
}
