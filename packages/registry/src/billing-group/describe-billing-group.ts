/**
 * DescribeBillingGroup, ListBillingGroups, ListThingsInBillingGroup (gateway G81).
 */
import type {
  DescribeBillingGroupRequest,
  DescribeBillingGroupResponse,
  ListBillingGroupsRequest,
  ListBillingGroupsResponse,
  ListThingsInBillingGroupRequest,
  ListThingsInBillingGroupResponse,
} from '@aws-sdk/client-iot'
import { accept, iotArn, type Outcome } from '@muster/model'
import { nextToken, page } from '../paging/page.ts'
import { noBillingGroup } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'

/** @returns ResourceNotFoundException for an absent billing group */
export function describeBillingGroup(
  state: RegistryState,
  input: DescribeBillingGroupRequest,
): Outcome<DescribeBillingGroupResponse> {
  const { billingGroupName = '' } = input
  const group = state.billingGroups.byName.get(billingGroupName)
  if (group === undefined) return noBillingGroup(billingGroupName)
  return accept({
    billingGroupName,
    billingGroupId: group.billingGroupId,
    billingGroupArn: iotArn(state.ports.account, 'billinggroup', billingGroupName),
    version: group.version,
    billingGroupProperties:
      group.description === undefined ? {} : { billingGroupDescription: group.description },
    billingGroupMetadata: { creationDate: new Date(group.createdAtMs) },
  })
}

/** Billing groups by name. @returns InvalidRequestException for a bad token */
export function listBillingGroups(
  state: RegistryState,
  input: ListBillingGroupsRequest,
): Outcome<ListBillingGroupsResponse> {
  const { namePrefixFilter = '' } = input
  const outcome = page(
    {
      scope: JSON.stringify(['ListBillingGroups', namePrefixFilter]),
      token: input.nextToken,
      size: input.maxResults,
    },
    (last) => state.billingGroups.names.withPrefix(namePrefixFilter, last),
    (groupName) => ({
      groupName,
      groupArn: iotArn(state.ports.account, 'billinggroup', groupName),
    }),
  )
  if (!outcome.ok) return outcome
  return accept({ billingGroups: outcome.value.items, ...nextToken(outcome.value) })
}

/** @returns ResourceNotFoundException, InvalidRequestException for a bad token */
export function listThingsInBillingGroup(
  state: RegistryState,
  input: ListThingsInBillingGroupRequest,
): Outcome<ListThingsInBillingGroupResponse> {
  const { billingGroupName = '' } = input
  if (!state.billingGroups.byName.has(billingGroupName)) {
    return noBillingGroup(billingGroupName)
  }
  const names = state.things.namesByBillingGroup.get(billingGroupName)
  const outcome = page(
    {
      scope: JSON.stringify(['ListThingsInBillingGroup', billingGroupName]),
      token: input.nextToken,
      size: input.maxResults,
    },
    (last) => names.after(last),
    (thingName) => thingName,
  )
  if (!outcome.ok) return outcome
  return accept({ things: outcome.value.items, ...nextToken(outcome.value) })
}
