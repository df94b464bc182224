/**
 * When a job aborts itself (jobs J96 to J98).
 */
import type { AbortConfig } from '@aws-sdk/client-iot'
import type { JobExecutionStatus } from './job-execution.ts'

/** What an aborted job shows. */
export interface AbortReason {
  readonly reasonCode: string
  readonly comment: string
}

type Counts = Readonly<Record<JobExecutionStatus, number>>

/**
 * Checks the criteria in list order: at least `minNumberOfExecutedThings` completed executions, and
 * the share of matching ones at or above the threshold. Every terminal status is completed, CANCELED
 * and REMOVED too: AWS's own comment counts "completed executions" (jobs J97).
 *
 * @param executions - executions by status
 * @returns undefined when no criterion fires
 */
export function abortReason(
  config: AbortConfig | undefined,
  executions: Counts,
): AbortReason | undefined {
  const failures = executions.FAILED + executions.REJECTED + executions.TIMED_OUT
  const completed = failures + executions.SUCCEEDED + executions.CANCELED + executions.REMOVED
  for (const criterion of config?.criteriaList ?? []) {
    const { failureType, thresholdPercentage = 0, minNumberOfExecutedThings = 1 } = criterion
    const matching = failureType === 'ALL' ? failures : executions[failureType ?? 'FAILED']
    if (completed < minNumberOfExecutedThings || completed === 0) continue
    if (100 * matching < thresholdPercentage * completed) continue
    const threshold = `${thresholdPercentage.toFixed(2)}%`
    return {
      reasonCode: 'ABORT_CANCEL',
      comment:
        `Abort criteria for failure type ${failureType} with threshold ${threshold} met. ` +
        `Total completed executions: ${completed}, total ${failureType} executions: ${matching}`,
    }
  }
  return undefined
}
