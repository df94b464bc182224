/** Statuses of jobs and executions: their order, their words and their counts. */
import type { JobProcessDetails } from '@aws-sdk/client-iot'

/** Execution statuses in the order in which a bar stacks them: done first, waiting last. */
export const executionStatuses = [
  'SUCCEEDED',
  'FAILED',
  'REJECTED',
  'TIMED_OUT',
  'CANCELED',
  'REMOVED',
  'IN_PROGRESS',
  'QUEUED',
] as const

export type ExecutionStatus = (typeof executionStatuses)[number]
export type StatusCounts = Readonly<Record<ExecutionStatus, number>>

const counters: Readonly<Record<ExecutionStatus, keyof JobProcessDetails>> = {
  SUCCEEDED: 'numberOfSucceededThings',
  FAILED: 'numberOfFailedThings',
  REJECTED: 'numberOfRejectedThings',
  TIMED_OUT: 'numberOfTimedOutThings',
  CANCELED: 'numberOfCanceledThings',
  REMOVED: 'numberOfRemovedThings',
  IN_PROGRESS: 'numberOfInProgressThings',
  QUEUED: 'numberOfQueuedThings',
}

/** A job's eight counters by status (jobs J87). */
export function statusCounts(details: JobProcessDetails | undefined): StatusCounts {
  const counts: Record<ExecutionStatus, number> = { ...noCounts }
  for (const status of executionStatuses) counts[status] = Number(details?.[counters[status]] ?? 0)
  return counts
}

/** No executions. */
export const noCounts: StatusCounts = {
  SUCCEEDED: 0,
  FAILED: 0,
  REJECTED: 0,
  TIMED_OUT: 0,
  CANCELED: 0,
  REMOVED: 0,
  IN_PROGRESS: 0,
  QUEUED: 0,
}

/** All executions counted. */
export function totalCount(counts: StatusCounts): number {
  return executionStatuses.reduce((sum, status) => sum + counts[status], 0)
}

/** Executions that will not change any more. */
export function terminalCount(counts: StatusCounts): number {
  return totalCount(counts) - counts.QUEUED - counts.IN_PROGRESS
}

/** Whether an execution in this status may still change. */
export function isPending(status: string | undefined): boolean {
  return status === 'QUEUED' || status === 'IN_PROGRESS'
}

/** `TIMED_OUT` as `timed out`. */
export function statusInWords(status: string): string {
  return status.toLowerCase().replaceAll('_', ' ')
}
