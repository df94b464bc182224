/** What a rehearsal is told with: its outcome, and what was rehearsed. */
import type { JudgedTerm, Rehearsal, SensitivityRow, Suggested } from '@muster/rehearse'

/** Everything that text, JSON and page are made of. */
export interface Rehearsed {
  readonly fleetName: string
  readonly startMs: number
  readonly lookSeconds: number
  /** The job in words. */
  readonly settings: string
  readonly outcome: Rehearsal
  /** Empty where no goal was given. */
  readonly goal: readonly JudgedTerm[]
  /** Empty where nobody asked for it. */
  readonly sensitivity: readonly SensitivityRow[]
  /** Present where a goal was missed. */
  readonly suggested: Suggested | undefined
  /** The command that plays one seed again. */
  readonly replay: (seed: number) => string
}
