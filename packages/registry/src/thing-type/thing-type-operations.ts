/**
 * The thing type family of operations, as members of the registry.
 */
import type {
  CreateThingTypeRequest,
  CreateThingTypeResponse,
  DeleteThingTypeRequest,
  DeleteThingTypeResponse,
  DeprecateThingTypeRequest,
  DeprecateThingTypeResponse,
  DescribeThingTypeRequest,
  DescribeThingTypeResponse,
  ListThingTypesRequest,
  ListThingTypesResponse,
  UpdateThingTypeRequest,
  UpdateThingTypeResponse,
} from '@aws-sdk/client-iot'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { describeThingType, listThingTypes } from './describe-thing-type.ts'
import {
  createThingType,
  deleteThingType,
  deprecateThingType,
  updateThingType,
} from './thing-types.ts'

/** Operations on thing types (gateway G74). */
export interface ThingTypeOperations {
  readonly createThingType: Operation<CreateThingTypeRequest, CreateThingTypeResponse>
  readonly updateThingType: Operation<UpdateThingTypeRequest, UpdateThingTypeResponse>
  readonly deprecateThingType: Operation<DeprecateThingTypeRequest, DeprecateThingTypeResponse>
  readonly deleteThingType: Operation<DeleteThingTypeRequest, DeleteThingTypeResponse>
  readonly describeThingType: Operation<DescribeThingTypeRequest, DescribeThingTypeResponse>
  readonly listThingTypes: Operation<ListThingTypesRequest, ListThingTypesResponse>
}

/** Binds the family to a state. */
export function thingTypeOperations(state: RegistryState): ThingTypeOperations {
  return {
    createThingType: (input, nowMs) => createThingType(state, input, nowMs),
    updateThingType: (input) => updateThingType(state, input),
    deprecateThingType: (input, nowMs) => deprecateThingType(state, input, nowMs),
    deleteThingType: (input, nowMs) => deleteThingType(state, input, nowMs),
    describeThingType: (input) => describeThingType(state, input),
    listThingTypes: (input) => listThingTypes(state, input),
  }
}
