/**
 * Billing groups and the things in them (gateway G81).
 */
import type {
  AddThingToBillingGroupRequest,
  AddThingToBillingGroupResponse,
  CreateBillingGroupRequest,
  CreateBillingGroupResponse,
  DeleteBillingGroupRequest,
  DeleteBillingGroupResponse,
  RemoveThingFromBillingGroupRequest,
  RemoveThingFromBillingGroupResponse,
  UpdateBillingGroupRequest,
  UpdateBillingGroupResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, present, refuse, type Outcome } from '@muster/model'
import { refreshDynamicGroups } from '../dynamic-thing-group/dynamic-membership.ts'
import { noBillingGroup, noThing } from '../state/absent.ts'
import { givenName, checkVersion } from '../state/constraints.ts'
import { nameMeant } from '../state/name-meant.ts'
import type { BillingGroupRecord, ThingRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { Sliced } from '../state/sliced.ts'
import { checkNewTags, putTags } from '../tag/tags.ts'

/**
 * Creates a billing group; the same group again answers as the first time.
 *
 * @returns ResourceAlreadyExistsException for other properties under the name,
 *   InvalidRequestException for a bad name or tags
 */
export function createBillingGroup(
  state: RegistryState,
  input: CreateBillingGroupRequest,
  nowMs: number,
): Outcome<CreateBillingGroupResponse> {
  const name = givenName('billingGroupName', input.billingGroupName)
  if (!name.ok) return name
  const bad = checkNewTags(input.tags)
  if (bad !== undefined) return bad
  const billingGroupName = name.value
  const description = input.billingGroupProperties?.billingGroupDescription
  const billingGroupArn = iotArn(state.ports.account, 'billinggroup', billingGroupName)
  const existing = state.billingGroups.byName.get(billingGroupName)
  if (existing !== undefined) {
    const { billingGroupId } = existing
    if (existing.description === description) {
      return accept({ billingGroupName, billingGroupArn, billingGroupId })
    }
    return refuse(
      'ResourceAlreadyExistsException',
      `Billing group ${billingGroupName} already exists with different properties`,
      { resourceId: billingGroupId, resourceArn: billingGroupArn },
    )
  }
  const group: BillingGroupRecord = {
    billingGroupName,
    billingGroupId: state.ports.newId(),
    ...present({ description }),
    version: 1,
    createdAtMs: nowMs,
  }
  state.billingGroups.byName.set(billingGroupName, group)
  putTags(state, billingGroupArn, input.tags)
  return accept({ billingGroupName, billingGroupArn, billingGroupId: group.billingGroupId })
}

/** @returns ResourceNotFoundException, VersionConflictException */
export function updateBillingGroup(
  state: RegistryState,
  input: UpdateBillingGroupRequest,
): Outcome<UpdateBillingGroupResponse> {
  const { billingGroupName = '', expectedVersion, billingGroupProperties } = input
  const before = state.billingGroups.byName.get(billingGroupName)
  if (before === undefined) return noBillingGroup(billingGroupName)
  const what = `billing group ${billingGroupName}`
  const conflict = checkVersion(what, expectedVersion, before.version)
  if (conflict !== undefined) return conflict
  const description = billingGroupProperties?.billingGroupDescription ?? before.description
  const version = before.version + 1
  state.billingGroups.byName.set(billingGroupName, {
    ...before,
    ...present({ description }),
    version,
  })
  return accept({ version })
}

/**
 * Deletes a billing group and takes its things out of it; an absent one is deleted already.
 *
 * @returns VersionConflictException
 */
export function* deleteBillingGroup(
  state: RegistryState,
  input: DeleteBillingGroupRequest,
): Sliced<Outcome<DeleteBillingGroupResponse>> {
  const { billingGroupName = '', expectedVersion } = input
  const group = state.billingGroups.byName.get(billingGroupName)
  if (group === undefined) return accept({})
  const what = `billing group ${billingGroupName}`
  const conflict = checkVersion(what, expectedVersion, group.version)
  if (conflict !== undefined) return conflict
  state.billingGroups.erasures.set(billingGroupName, true)
  const isStillThere = (): boolean =>
    state.billingGroups.byName.get(billingGroupName)?.billingGroupId === group.billingGroupId
  while (isStillThere() && eraseBillingGroupStep(state, billingGroupName)) yield
  return accept({})
}

/**
 * Takes one thing out of a billing group that is being erased; when none is left, removes the group.
 *
 * @returns whether more is to do
 */
export function eraseBillingGroupStep(state: RegistryState, billingGroupName: string): boolean {
  const [thingName] = state.things.namesByBillingGroup.get(billingGroupName)
  const thing = thingName === undefined ? undefined : state.things.byName.get(thingName)
  if (thing !== undefined) {
    setBillingGroup(state, thing, undefined)
    return true
  }
  const { byName, erasures } = state.billingGroups
  erasures.delete(billingGroupName)
  byName.delete(billingGroupName)
  state.tags.byArn.delete(iotArn(state.ports.account, 'billinggroup', billingGroupName))
  return false
}

/**
 * Puts a thing into a billing group; it stays in the one it is in.
 *
 * @returns ResourceNotFoundException, InvalidRequestException for a thing in another group
 */
export function addThingToBillingGroup(
  state: RegistryState,
  input: AddThingToBillingGroupRequest,
): Outcome<AddThingToBillingGroupResponse> {
  const meant = recordsMeant(state, input)
  if (!meant.ok) return meant
  const { billingGroupName, thing } = meant.value
  if (thing.billingGroupName === billingGroupName) return accept({})
  if (thing.billingGroupName !== undefined) {
    return invalidRequest(
      `Thing ${thing.thingName} is already in billing group ${thing.billingGroupName}`,
    )
  }
  setBillingGroup(state, thing, billingGroupName)
  return accept({})
}

/**
 * Takes a thing out of a billing group; one that is not in it stays out.
 *
 * @returns ResourceNotFoundException
 */
export function removeThingFromBillingGroup(
  state: RegistryState,
  input: RemoveThingFromBillingGroupRequest,
): Outcome<RemoveThingFromBillingGroupResponse> {
  const meant = recordsMeant(state, input)
  if (!meant.ok) return meant
  const { billingGroupName, thing } = meant.value
  if (thing.billingGroupName === billingGroupName) setBillingGroup(state, thing, undefined)
  return accept({})
}

/** Moves a thing in or out; its version stays, as it is no update of the thing. */
function setBillingGroup(
  state: RegistryState,
  thing: ThingRecord,
  billingGroupName: string | undefined,
): void {
  const { billingGroupName: _left, ...kept } = thing
  const after = billingGroupName === undefined ? kept : { ...kept, billingGroupName }
  state.things.byName.set(thing.thingName, after)
  refreshDynamicGroups(state, thing.thingName)
}

function recordsMeant(
  state: RegistryState,
  input: AddThingToBillingGroupRequest,
): Outcome<{ billingGroupName: string; thing: ThingRecord }> {
  const { account } = state.ports
  const { billingGroupName, billingGroupArn } = input
  const group = nameMeant(account, 'billingGroup', billingGroupName, billingGroupArn)
  if (!group.ok) return group
  const thingMeant = nameMeant(account, 'thing', input.thingName, input.thingArn)
  if (!thingMeant.ok) return thingMeant
  if (!state.billingGroups.byName.has(group.value)) return noBillingGroup(group.value)
  const thing = state.things.byName.get(thingMeant.value)
  if (thing === undefined) return noThing(thingMeant.value)
  return accept({ billingGroupName: group.value, thing })
}
