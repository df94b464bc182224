/**
 * The registry: its state and everything that can be done to it, as one object whose operations
 * are named as AWS names them.
 */
import { registryLookups, type RegistryLookups } from './lookups.ts'
import * as operations from './operations.ts'
import type { RegistryPorts } from './state/ports.ts'
import { RegistryState } from './state/registry-state.ts'
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
type Steps = { readonly [Name in keyof typeof steps]: BoundStep<(typeof steps)[Name]> }

/**
 * Lookups, the steps of `steps.ts`, and one method for each AWS operation of `operations.ts`:
 * `(input, nowMs) => Outcome<output>`.
 */
export interface Registry extends RegistryLookups, Operations, Steps {
  /** Forgets everything, durable records included, and tells nobody (`/_muster/reset`). */
  reset(): void
}

/** A registry that holds what `ports.records` hold. */
export function openRegistry(ports: RegistryPorts): Registry {
  const state = new RegistryState(ports)
  return {
    ...registryLookups(state),
    ...(bound(operations, state) as Operations),
    ...(bound(steps, state) as Steps),
    reset: () => state.reset(),
  }
}

function bound(rules: object, state: RegistryState): object {
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, rule.bind(undefined, state)]),
  )
}
