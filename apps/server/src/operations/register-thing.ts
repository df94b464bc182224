/**
 * RegisterThing (gateway G113).
 */
import type { RegisterThingRequest } from '@aws-sdk/client-iot'
import type { Registry } from '@muster/registry'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function registerThingOperations(registry: Registry): OperationHandlers {
  return {
    RegisterThing: ({ input, nowMs }) =>
      registry.registerThing(input as unknown as RegisterThingRequest, nowMs),
  }
}
