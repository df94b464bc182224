/**
 * One execution of one job on one thing (jobs J53 to J56).
 */

/** Every status an execution can have (jobs §3). */
export type JobExecutionStatus =
  | 'QUEUED'
  | 'IN_PROGRESS'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMED_OUT'
  | 'REJECTED'
  | 'REMOVED'
  | 'CANCELED'

/** All statuses, in the order in which AWS lists them to who sends another one (jobs J124). */
export const JOB_EXECUTION_STATUSES: readonly JobExecutionStatus[] = [
  'REMOVED',
  'SUCCEEDED',
  'TIMED_OUT',
  'IN_PROGRESS',
  'QUEUED',
  'CANCELED',
  'FAILED',
  'REJECTED',
]

/** What a device may set (jobs J27). */
export type DeviceSetStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'REJECTED'

const DEVICE_SET: ReadonlySet<JobExecutionStatus> = new Set<DeviceSetStatus>([
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'REJECTED',
])

/** Whether a device may set the status (jobs J27). */
export function isDeviceSet(status: JobExecutionStatus): status is DeviceSetStatus {
  return DEVICE_SET.has(status)
}

/** Names one execution. */
export interface JobExecutionKey {
  readonly jobId: string
  readonly thingName: string
  /** Integer ≥ 1 (jobs J55). */
  readonly executionNumber: number
}

/** Where a page of a job's executions begins: after this one. */
export interface AfterExecution {
  readonly thingName: string
  readonly executionNumber: number
}

/** An execution as stored; a change makes a new record. */
export interface JobExecution extends JobExecutionKey {
  /** Creation order within the account, rising; breaks ties of `queuedAtMs` (jobs J56). */
  readonly order: number
  readonly namespaceId?: string
  readonly status: JobExecutionStatus
  readonly statusDetails?: Readonly<Record<string, string>>
  readonly queuedAtMs: number
  readonly startedAtMs?: number
  readonly lastUpdatedAtMs: number
  /** Starts at 1, rises by 1 with every change of status or device write (jobs J54). */
  readonly versionNumber: number
  /** When the job's in-progress timer ends it (jobs J57). */
  readonly inProgressUntilMs?: number
  /** When the device's step timer ends it (jobs J58). */
  readonly stepUntilMs?: number
  /** Retries before this attempt (jobs J62, J88). */
  readonly retryAttempt: number
  /** Set by force; a CANCELED one without it was cancelled unforced. */
  readonly forceCanceled?: boolean
  /** The job has maintenance windows: one of the five extra places (jobs J39). */
  readonly windowed?: boolean
  /** QUEUED outside a maintenance window: no device sees it (jobs J101). */
  readonly hidden?: boolean
  /** The thing left the job's targets since: it is not retried (jobs J63, J77). */
  readonly uncovered?: boolean
}

/** Whether nothing can change the execution any more (jobs J53). */
export function isTerminal(status: JobExecutionStatus): boolean {
  return status !== 'QUEUED' && status !== 'IN_PROGRESS'
}

/** Whether devices see the execution as pending. */
export function isVisiblePending(execution: JobExecution): boolean {
  return (
    execution.status === 'IN_PROGRESS' ||
    (execution.status === 'QUEUED' && execution.hidden !== true)
  )
}

/**
 * Pending order (jobs J56): IN_PROGRESS before QUEUED, then queue time, then creation.
 *
 * @returns negative when `left` comes first
 */
export function comparePending(left: JobExecution, right: JobExecution): number {
  if (left.status !== right.status) return left.status === 'IN_PROGRESS' ? -1 : 1
  return left.queuedAtMs - right.queuedAtMs || left.order - right.order
}

/** Whether two records name the same execution. */
export function isSameExecution(
  left: JobExecutionKey | undefined,
  right: JobExecutionKey | undefined,
): boolean {
  if (left === undefined || right === undefined) return left === right
  return (
    left.jobId === right.jobId &&
    left.executionNumber === right.executionNumber &&
    left.thingName === right.thingName
  )
}

/**
 * When a running execution times out: the earlier of its two timers (jobs J60).
 *
 * @returns epoch milliseconds, or undefined when no timer runs
 */
export function timeoutAtMs(execution: JobExecution): number | undefined {
  if (execution.status !== 'IN_PROGRESS') return undefined
  const { inProgressUntilMs, stepUntilMs } = execution
  if (inProgressUntilMs === undefined) return stepUntilMs
  if (stepUntilMs === undefined) return inProgressUntilMs
  return Math.min(inProgressUntilMs, stepUntilMs)
}
