/**
 * When a job aborts itself (jobs J96 to J98).
 */
import type { AbortConfig } from '@aws-sdk/client-iot'
import type { ExecutedStatus } from './job.ts'

/** What an aborted job shows. */
export interface AbortReason {
  readonly reasonCode: string
  readonly comment: string
}

/**
 * Checks the criteria in list order: at least `minNumberOfExecutedThings` executed, and the share
 * of matching ones at or above the threshold.
 *
 * @param executed - attempts by how they ended
 * @returns undefined when no criterion fires
 */
export function abortReason(
  config: AbortConfig | undefined,
  executed: Readonly<Record<ExecutedStatus, number>>,
): AbortReason | undefined {
  const failures = executed.FAILED + executed.REJECTED + executed.TIMED_OUT
  const total = executed.SUCCEEDED + failures
  for (const criterion of config?.criteriaList ?? []) {
    const { failureType, thresholdPercentage = 0, minNumberOfExecutedThings = 1 } = criterion
    const matching =
      failureType === 'ALL'
        ? failures
        : executed[failureType as Exclude<ExecutedStatus, 'SUCCEEDED'>]
    if (total < minNumberOfExecutedThings || total === 0) continue
    if (100 * matching < thresholdPercentage * total) continue
    return {
      reasonCode: 'ABORT_THRESHOLD_REACHED',
      comment:
        `aborted: ${matching} of ${total} executed things ended ${failureType}, ` +
        `at or above ${thresholdPercentage} percent`,
    }
  }
  return undefined
}
