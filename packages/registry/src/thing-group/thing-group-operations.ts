/**
 * The thing group family of operations, as members of the registry.
 */
import type {
  AddThingToThingGroupRequest,
  AddThingToThingGroupResponse,
  CreateThingGroupRequest,
  CreateThingGroupResponse,
  DeleteThingGroupRequest,
  DeleteThingGroupResponse,
  DescribeThingGroupRequest,
  DescribeThingGroupResponse,
  ListThingGroupsForThingRequest,
  ListThingGroupsForThingResponse,
  ListThingGroupsRequest,
  ListThingGroupsResponse,
  ListThingsInThingGroupRequest,
  ListThingsInThingGroupResponse,
  RemoveThingFromThingGroupRequest,
  RemoveThingFromThingGroupResponse,
  UpdateThingGroupRequest,
  UpdateThingGroupResponse,
  UpdateThingGroupsForThingRequest,
  UpdateThingGroupsForThingResponse,
} from '@aws-sdk/client-iot'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { createThingGroup, deleteThingGroup, updateThingGroup } from './create-thing-group.ts'
import {
  describeThingGroup,
  listThingGroups,
  listThingGroupsForThing,
  listThingsInThingGroup,
} from './describe-thing-group.ts'
import {
  addThingToThingGroup,
  removeThingFromThingGroup,
  updateThingGroupsForThing,
} from './membership.ts'

/** Operations on static groups and on memberships (gateway G75 to G77). */
export interface ThingGroupOperations {
  readonly createThingGroup: Operation<CreateThingGroupRequest, CreateThingGroupResponse>
  readonly updateThingGroup: Operation<UpdateThingGroupRequest, UpdateThingGroupResponse>
  readonly deleteThingGroup: Operation<DeleteThingGroupRequest, DeleteThingGroupResponse>
  readonly describeThingGroup: Operation<DescribeThingGroupRequest, DescribeThingGroupResponse>
  readonly listThingGroups: Operation<ListThingGroupsRequest, ListThingGroupsResponse>
  readonly listThingsInThingGroup: Operation<
    ListThingsInThingGroupRequest,
    ListThingsInThingGroupResponse
  >
  readonly listThingGroupsForThing: Operation<
    ListThingGroupsForThingRequest,
    ListThingGroupsForThingResponse
  >
  readonly addThingToThingGroup: Operation<
    AddThingToThingGroupRequest,
    AddThingToThingGroupResponse
  >
  readonly removeThingFromThingGroup: Operation<
    RemoveThingFromThingGroupRequest,
    RemoveThingFromThingGroupResponse
  >
  readonly updateThingGroupsForThing: Operation<
    UpdateThingGroupsForThingRequest,
    UpdateThingGroupsForThingResponse
  >
}

/** Binds the family to a state. */
export function thingGroupOperations(state: RegistryState): ThingGroupOperations {
  return {
    createThingGroup: (input, nowMs) => createThingGroup(state, input, nowMs),
    updateThingGroup: (input) => updateThingGroup(state, input),
    deleteThingGroup: (input) => deleteThingGroup(state, input),
    describeThingGroup: (input) => describeThingGroup(state, input),
    listThingGroups: (input) => listThingGroups(state, input),
    listThingsInThingGroup: (input) => listThingsInThingGroup(state, input),
    listThingGroupsForThing: (input) => listThingGroupsForThing(state, input),
    addThingToThingGroup: (input) => addThingToThingGroup(state, input),
    removeThingFromThingGroup: (input) => removeThingFromThingGroup(state, input),
    updateThingGroupsForThing: (input) => updateThingGroupsForThing(state, input),
  }
}
