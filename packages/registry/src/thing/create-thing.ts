/**
 * CreateThing (gateway G67, G68).
 */
import type { CreateThingRequest, CreateThingResponse } from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  present,
  refuse,
  type Outcome,
  type Refused,
} from '@muster/model'
import { refreshDynamicGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import { noBillingGroup, notHeld } from '../state/absent.ts'
import {
  ATTRIBUTES_MAX,
  changedAttributes,
  checkAttributes,
  givenName,
  sameAttributes,
  UNTYPED_ATTRIBUTES_MAX,
} from '../state/constraints.ts'
import type { ThingRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'

/**
 * Creates a thing; the same thing again answers as the first time.
 *
 * @returns ResourceAlreadyExistsException for another configuration under the name,
 *   ResourceNotFoundException for an absent type or billing group, InvalidRequestException for a
 *   deprecated type or bad names and attributes
 */
export function createThing(
  state: RegistryState,
  input: CreateThingRequest,
): Outcome<CreateThingResponse> {
  const { thingTypeName, billingGroupName } = input
  const name = givenName('thingName', input.thingName)
  if (!name.ok) return name
  const thingName = name.value
  const attributes = changedAttributes({}, input.attributePayload)
  const thingArn = iotArn(state.ports.account, 'thing', thingName)
  const existing = state.things.byName.get(thingName)
  if (existing !== undefined) {
    const same =
      existing.thingTypeName === thingTypeName &&
      existing.billingGroupName === billingGroupName &&
      sameAttributes(existing.attributes, attributes)
    if (same) return accept({ thingName, thingArn, thingId: existing.thingId })
    return refuse(
      'ResourceAlreadyExistsException',
      `Thing ${thingName} already exists in account with different attributes`,
      { resourceId: existing.thingId, resourceArn: thingArn },
    )
  }
  const bad =
    checkAttributes(
      attributes,
      thingTypeName === undefined ? UNTYPED_ATTRIBUTES_MAX : ATTRIBUTES_MAX,
    ) ?? checkNewType(state, thingTypeName)
  if (bad !== undefined) return bad
  if (billingGroupName !== undefined && !state.billingGroups.byName.has(billingGroupName)) {
    return noBillingGroup(billingGroupName)
  }
  const thing: ThingRecord = {
    thingName,
    thingId: state.ports.newId(),
    ...present({ thingTypeName }),
    attributes,
    version: 1,
    ...present({ billingGroupName }),
  }
  state.things.byName.set(thingName, thing)
  state.emit({ kind: 'thing', thingName, after: thing })
  refreshDynamicGroups(state, thingName)
  return accept({ thingName, thingArn, thingId: thing.thingId })
}

/** Refuses a type that a thing cannot newly have: absent (404) or deprecated (400) (G68). */
export function checkNewType(
  state: RegistryState,
  thingTypeName: string | undefined,
): Refused | undefined {
  if (thingTypeName === undefined) return undefined
  const type = state.thingTypes.byName.get(thingTypeName)
  if (type === undefined) return notHeld(state.ports.account, 'Thing Type', thingTypeName)
  if (type.deprecatedAtMs === undefined) return undefined
  return invalidRequest(`Can not associate deprecated thing type ${thingTypeName} to a thing`)
}
