/** Where a run stands, for live views and plots. */
import type { LatencyHistogram, SteadyUse } from '@muster/fleet'
import type { Kinds } from './load-sample.ts'
import type { Sums } from '../tally.ts'

/** One look at a run. */
export interface LoadProgress {
  readonly scenario: string
  /** What the run is at: `onboarding`, or the stage's name. */
  readonly phase: string
  readonly elapsedSeconds: number
  /** Of the load, without what comes before and after; undefined where nobody knows. */
  readonly totalSeconds: number | undefined
  readonly devices: number
  readonly onboarded: number
  readonly connected: number
  /** Of all stages so far. */
  readonly sums: Readonly<Sums>
  readonly kinds: Kinds
  /** Answers since the last look. */
  readonly recent: LatencyHistogram
  readonly cpuSeconds: number
  readonly loopLagMs: number
  readonly server: ({ readonly cpuSeconds: number } & SteadyUse) | undefined
}
