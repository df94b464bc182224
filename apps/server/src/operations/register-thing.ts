/**
 * RegisterThing (gateway G113).
 */
import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function registerThingOperations(registry: Registry): OperationHandlers {
  return {
    RegisterThing: handle(registry.registerThing),
  }
}
