/** How near a job is to aborting itself (jobs J96, J97). */
import type { AbortCriteria } from '@aws-sdk/client-iot'
import { countsAt, type ProgressPoint } from './progress.ts'
import { statusInWords, type StatusCounts } from './status.ts'

/** One criterion and where the job stands. */
export interface AbortStanding {
  /** `failed`, `not successful`. */
  readonly kind: string
  /** Percent of the executions completed so far, 0 to 100. */
  readonly ratePercent: number
  readonly thresholdPercent: number
  readonly matching: number
  readonly completed: number
  readonly completedMin: number
  /** Whether enough executions have completed for the criterion to count. */
  readonly counts: boolean
}

/** Where a job stands, criterion by criterion. */
export function abortStandings(
  criteria: readonly AbortCriteria[],
  counts: StatusCounts,
): readonly AbortStanding[] {
  return criteria.map((criterion) => {
    const { matching, completed } = tally(criterion, counts)
    const completedMin = criterion.minNumberOfExecutedThings ?? 1
    return {
      kind: kindInWords(criterion),
      ratePercent: percent(matching, completed),
      thresholdPercent: criterion.thresholdPercentage ?? 0,
      matching,
      completed,
      completedMin,
      counts: completed >= completedMin,
    }
  })
}

/** The share that a criterion looks at, in percent, at each point. */
export function failureRates(
  criterion: AbortCriteria,
  points: readonly ProgressPoint[],
): readonly number[] {
  return points.map((point) => {
    const { matching, completed } = tally(criterion, countsAt(point))
    return percent(matching, completed)
  })
}

/** `failed`, `timed out`, `not successful`. */
export function kindInWords({ failureType = 'ALL' }: AbortCriteria): string {
  return failureType === 'ALL' ? 'not successful' : statusInWords(failureType)
}

function tally(
  { failureType = 'ALL' }: AbortCriteria,
  counts: StatusCounts,
): { readonly matching: number; readonly completed: number } {
  const failures = counts.FAILED + counts.REJECTED + counts.TIMED_OUT
  return {
    matching: failureType === 'ALL' ? failures : counts[failureType],
    completed: failures + counts.SUCCEEDED + counts.CANCELED + counts.REMOVED,
  }
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}
