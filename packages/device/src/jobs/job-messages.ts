/**
 * Messages of the Jobs data plane as a device sees them (jobs 1).
 */

/** What a device may report (jobs J27). */
export type ReportedStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'REJECTED'

/** String pairs that travel with an execution (jobs J30: at most 10). */
export type StatusDetails = Readonly<Record<string, string>>

/** A job on this thing (jobs J16); times are epoch seconds. */
export interface JobExecution {
  readonly jobId: string
  readonly executionNumber: number
  readonly versionNumber: number
  readonly status: string
  readonly queuedAt: number
  readonly lastUpdatedAt: number
  readonly startedAt?: number
  readonly statusDetails?: StatusDetails
  /** Parsed JSON, over either transport (jobs J17). */
  readonly jobDocument?: unknown
  readonly approximateSecondsBeforeTimedOut?: number
}

/** State that a refused update reports (jobs J18, J35). */
export interface JobExecutionState {
  readonly status: string
  readonly versionNumber: number
  readonly statusDetails?: StatusDetails
}

/** An entry of the pending lists (jobs J15). */
export interface JobExecutionSummary {
  readonly jobId: string
  readonly executionNumber: number
  readonly versionNumber: number
  readonly queuedAt: number
  readonly lastUpdatedAt: number
  readonly startedAt?: number
}

/** What is waiting for this thing (jobs J20). */
export interface PendingJobs {
  readonly inProgressJobs: readonly JobExecutionSummary[]
  readonly queuedJobs: readonly JobExecutionSummary[]
}

/** Members of a start-next request (jobs J21). */
export interface StartNextRequest {
  readonly statusDetails?: StatusDetails
  readonly stepTimeoutInMinutes?: number
}

/** Members of a describe request (jobs J24). */
export interface DescribeRequest {
  readonly executionNumber?: number
  readonly includeJobDocument?: boolean
}

/** Members of an update request (jobs J27 to J33). */
export interface UpdateRequest {
  readonly status: ReportedStatus
  readonly statusDetails?: StatusDetails
  readonly expectedVersion?: number
  readonly executionNumber?: number
  readonly stepTimeoutInMinutes?: number
  readonly includeJobExecutionState?: boolean
  readonly includeJobDocument?: boolean
}

/** An accepted update (jobs J28). */
export interface UpdateReply {
  readonly executionState?: JobExecutionState
  readonly jobDocument?: unknown
}
