/**
 * The registry: its state and everything that can be done to it, as one object whose operations
 * are named as AWS names them.
 */
import { registryLookups, type RegistryLookups } from './lookups.ts'
import * as operations from './operations.ts'
import type { RegistryPorts } from './state/ports.ts'
import { RegistryState } from './state/registry-state.ts'
import { atOnce, type Sliced } from './state/sliced.ts'
import * as slicedOperations from './sliced-operations.ts'
import * as steps from './steps.ts'

/** A rule that has been given the registry's state. An operation always takes the time. */
type Bound<Rule> = Rule extends (
  state: RegistryState,
  input: infer Input,
  nowMs: number,
) => infer Output
  ? (input: Input, nowMs: number) => Output
  : BoundStep<Rule>

type BoundStep<Rule> = Rule extends (state: RegistryState, ...rest: infer Rest) => infer Output
  ? (...rest: Rest) => Output
  : never

type Operations = {
  readonly [Name in keyof typeof operations]: Bound<(typeof operations)[Name]>
}
type SlicedOperations = {
  readonly [Name in keyof typeof slicedOperations]: Bound<(typeof slicedOperations)[Name]>
}
type AtOnce<Work> = Work extends (input: infer Input, nowMs: number) => Sliced<infer Output>
  ? (input: Input, nowMs: number) => Output
  : never
type AtOnceOperations = {
  readonly [Name in keyof SlicedOperations]: AtOnce<SlicedOperations[Name]>
}
type Steps = { readonly [Name in keyof typeof steps]: BoundStep<(typeof steps)[Name]> }

/**
 * Lookups, the steps of `steps.ts`, and one method for each AWS operation of `operations.ts` and
 * `sliced-operations.ts`: `(input, nowMs) => Outcome<output>`.
 */
export interface Registry extends RegistryLookups, Operations, AtOnceOperations, Steps {
  /** The operations that can touch a whole fleet, to be driven step by step. */
  readonly sliced: SlicedOperations
  /** Takes what the records hold now and tells nobody: once a reset has emptied them. */
  reload(): void
}

/** A registry that holds what `ports.records` hold. */
export function openRegistry(ports: RegistryPorts): Registry {
  const state = new RegistryState(ports)
  const sliced = bound(slicedOperations, state)
  return {
    ...registryLookups(state),
    ...(bound(operations, state) as Operations),
    ...(inOneStep(sliced) as AtOnceOperations),
    sliced: sliced as SlicedOperations,
    ...(bound(steps, state) as Steps),
    reload: () => state.reload(),
  }
}

function bound(rules: object, state: RegistryState): object {
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, rule.bind(undefined, state)]),
  )
}

function inOneStep(works: object): object {
  return Object.fromEntries(
    Object.entries(works).map(([name, work]) => [
      name,
      (input: object, nowMs: number) => atOnce(work(input, nowMs)),
    ]),
  )
}
