/**
 * The thing family of operations, as members of the registry.
 */
import type {
  CreateThingRequest,
  CreateThingResponse,
  DeleteThingRequest,
  DeleteThingResponse,
  DescribeThingRequest,
  DescribeThingResponse,
  ListThingsRequest,
  ListThingsResponse,
  UpdateThingRequest,
  UpdateThingResponse,
} from '@aws-sdk/client-iot'
import type { RegistryState } from '../state/registry-state.ts'
import type { Operation } from '../state/operation.ts'
import { createThing } from './create-thing.ts'
import { describeThing, listThings } from './describe-thing.ts'
import { deleteThing, updateThing } from './update-thing.ts'

/** Operations on things (gateway G67 to G73). */
export interface ThingOperations {
  readonly createThing: Operation<CreateThingRequest, CreateThingResponse>
  readonly updateThing: Operation<UpdateThingRequest, UpdateThingResponse>
  readonly deleteThing: Operation<DeleteThingRequest, DeleteThingResponse>
  readonly describeThing: Operation<DescribeThingRequest, DescribeThingResponse>
  readonly listThings: Operation<ListThingsRequest, ListThingsResponse>
}

/** Binds the family to a state. */
export function thingOperations(state: RegistryState): ThingOperations {
  return {
    createThing: (input) => createThing(state, input),
    updateThing: (input) => updateThing(state, input),
    deleteThing: (input) => deleteThing(state, input),
    describeThing: (input) => describeThing(state, input),
    listThings: (input) => listThings(state, input),
  }
}
