/**
 * The step from the listeners' untyped input to an operation's typed one.
 */
import type { Outcome } from '@muster/model'
import type { OperationHandler } from './operation.ts'

/**
 * A handler that applies one operation of a rule package at the request's time. The cast is the
 * only one: inputs were parsed by the SDK's schema of the same operation.
 */
export function handle(
  operation: (input: never, nowMs: number) => Outcome<object>,
): OperationHandler {
  return ({ input, nowMs }) => operation(input as never, nowMs)
}
