/**
 * The billing group family of operations, as members of the registry.
 */
import type {
  AddThingToBillingGroupRequest,
  AddThingToBillingGroupResponse,
  CreateBillingGroupRequest,
  CreateBillingGroupResponse,
  DeleteBillingGroupRequest,
  DeleteBillingGroupResponse,
  DescribeBillingGroupRequest,
  DescribeBillingGroupResponse,
  ListBillingGroupsRequest,
  ListBillingGroupsResponse,
  ListThingsInBillingGroupRequest,
  ListThingsInBillingGroupResponse,
  RemoveThingFromBillingGroupRequest,
  RemoveThingFromBillingGroupResponse,
  UpdateBillingGroupRequest,
  UpdateBillingGroupResponse,
} from '@aws-sdk/client-iot'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  addThingToBillingGroup,
  createBillingGroup,
  deleteBillingGroup,
  removeThingFromBillingGroup,
  updateBillingGroup,
} from './billing-groups.ts'
import {
  describeBillingGroup,
  listBillingGroups,
  listThingsInBillingGroup,
} from './describe-billing-group.ts'

/** Operations on billing groups (gateway G81). */
export interface BillingGroupOperations {
  readonly createBillingGroup: Operation<CreateBillingGroupRequest, CreateBillingGroupResponse>
  readonly updateBillingGroup: Operation<UpdateBillingGroupRequest, UpdateBillingGroupResponse>
  readonly deleteBillingGroup: Operation<DeleteBillingGroupRequest, DeleteBillingGroupResponse>
  readonly describeBillingGroup: Operation<
    DescribeBillingGroupRequest,
    DescribeBillingGroupResponse
  >
  readonly listBillingGroups: Operation<ListBillingGroupsRequest, ListBillingGroupsResponse>
  readonly listThingsInBillingGroup: Operation<
    ListThingsInBillingGroupRequest,
    ListThingsInBillingGroupResponse
  >
  readonly addThingToBillingGroup: Operation<
    AddThingToBillingGroupRequest,
    AddThingToBillingGroupResponse
  >
  readonly removeThingFromBillingGroup: Operation<
    RemoveThingFromBillingGroupRequest,
    RemoveThingFromBillingGroupResponse
  >
}

/** Binds the family to a state. */
export function billingGroupOperations(state: RegistryState): BillingGroupOperations {
  return {
    createBillingGroup: (input, nowMs) => createBillingGroup(state, input, nowMs),
    updateBillingGroup: (input) => updateBillingGroup(state, input),
    deleteBillingGroup: (input) => deleteBillingGroup(state, input),
    describeBillingGroup: (input) => describeBillingGroup(state, input),
    listBillingGroups: (input) => listBillingGroups(state, input),
    listThingsInBillingGroup: (input) => listThingsInBillingGroup(state, input),
    addThingToBillingGroup: (input) => addThingToBillingGroup(state, input),
    removeThingFromBillingGroup: (input) => removeThingFromBillingGroup(state, input),
  }
}
