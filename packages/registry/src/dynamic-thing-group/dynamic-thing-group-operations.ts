/**
 * The dynamic thing group family of operations, as members of the registry.
 */
import type {
  CreateDynamicThingGroupRequest,
  CreateDynamicThingGroupResponse,
  DeleteDynamicThingGroupRequest,
  DeleteDynamicThingGroupResponse,
  UpdateDynamicThingGroupRequest,
  UpdateDynamicThingGroupResponse,
} from '@aws-sdk/client-iot'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  createDynamicThingGroup,
  deleteDynamicThingGroup,
  updateDynamicThingGroup,
} from './dynamic-thing-groups.ts'

/** Operations on dynamic groups (gateway G78). */
export interface DynamicThingGroupOperations {
  readonly createDynamicThingGroup: Operation<
    CreateDynamicThingGroupRequest,
    CreateDynamicThingGroupResponse
  >
  readonly updateDynamicThingGroup: Operation<
    UpdateDynamicThingGroupRequest,
    UpdateDynamicThingGroupResponse
  >
  readonly deleteDynamicThingGroup: Operation<
    DeleteDynamicThingGroupRequest,
    DeleteDynamicThingGroupResponse
  >
}

/** Binds the family to a state. */
export function dynamicThingGroupOperations(state: RegistryState): DynamicThingGroupOperations {
  return {
    createDynamicThingGroup: (input, nowMs) => createDynamicThingGroup(state, input, nowMs),
    updateDynamicThingGroup: (input) => updateDynamicThingGroup(state, input),
    deleteDynamicThingGroup: (input) => deleteDynamicThingGroup(state, input),
  }
}
