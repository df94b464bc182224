import type { Outcome } from '@muster/model'
import type { Registry, Sliced } from '@muster/registry'
import type { OperationRule } from './operation-row.ts'
import type { OperationServices } from './operation-services.ts'

/** The rule of an operation that can touch a whole fleet: it takes its time among the others. */
export function inSlices<Input, Output>(
  pick: (sliced: Registry['sliced']) => (input: Input, nowMs: number) => Sliced<Outcome<Output>>,
): (services: OperationServices) => OperationRule<Input, Output> {
  return ({ registry, slices }) =>
    (input, nowMs) =>
      slices.run(pick(registry.sliced)(input, nowMs))
}
