/** A soak: what follows connecting is done again and again for as long as the run is to last. */
import { parseDuration } from '@muster/clock'
import type { Phase, Scenario } from './scenario.ts'

/** The phases of a run by when they are carried out. */
export interface Rounds {
  /** Once. */
  readonly first: readonly Phase[]
  /** Again and again. */
  readonly round: readonly Phase[]
  /** Once, at the end. */
  readonly last: readonly Phase[]
}

/** What is repeated: all after the last `connect`, but for a `drain` at the end. */
export function roundsOf(phases: readonly Phase[]): Rounds {
  const after = phases.findLastIndex((phase) => 'connect' in phase) + 1
  const drains = phases.length > after && 'drain' in (phases.at(-1) ?? {}) ? 1 : 0
  const end = phases.length - drains
  return { first: phases.slice(0, after), round: phases.slice(after, end), last: phases.slice(end) }
}

/** @throws RangeError when the scenario's `duration` is none */
export function durationSeconds({ duration }: Scenario): number | undefined {
  return duration === undefined ? undefined : parseDuration(String(duration))
}
