/** Executions of a thing as rows; pure. */
import type { JobExecutionSummaryForThing } from '@aws-sdk/client-iot'

/** One row. */
export interface ExecutionRow {
  readonly jobId: string
  readonly executionNumber: number
  readonly retryAttempt: number
  readonly status: string
  readonly queuedAt: Date | undefined
  readonly startedAt: Date | undefined
  readonly lastUpdatedAt: Date | undefined
}

/** Of what AWS lists. */
export function rowOfExecution({
  jobId = '',
  jobExecutionSummary: summary = {},
}: JobExecutionSummaryForThing): ExecutionRow {
  return {
    jobId,
    executionNumber: summary.executionNumber ?? 1,
    retryAttempt: summary.retryAttempt ?? 0,
    status: summary.status ?? '',
    queuedAt: summary.queuedAt,
    startedAt: summary.startedAt,
    lastUpdatedAt: summary.lastUpdatedAt,
  }
}

/**
 * What is at work before what waits, each by the time at which it was queued, then in the order in
 * which they were made (jobs J56).
 *
 * @param newestFirst - as AWS lists them
 */
export function inQueueOrder(newestFirst: readonly ExecutionRow[]): readonly ExecutionRow[] {
  const rank = ({ status }: ExecutionRow): number => (status === 'IN_PROGRESS' ? 0 : 1)
  return newestFirst
    .toReversed()
    .sort(
      (left, right) =>
        rank(left) - rank(right) ||
        (left.queuedAt?.getTime() ?? 0) - (right.queuedAt?.getTime() ?? 0),
    )
}

/** Identifies an execution on its thing. */
export function executionKey({ jobId, executionNumber }: ExecutionRow): string {
  return `${jobId}/${executionNumber}`
}
