import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on things (gateway G67 to G73). */
export function thingOperations(registry: Registry): OperationHandlers {
  return {
    CreateThing: handle(registry.createThing),
    UpdateThing: handle(registry.updateThing),
    DeleteThing: handle(registry.deleteThing),
    DescribeThing: handle(registry.describeThing),
    ListThings: handle(registry.listThings),
  }
}
