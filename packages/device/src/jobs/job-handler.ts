import type { StatusDetails } from './job-messages.ts'

/** How a handler ended its job. */
export interface JobResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'REJECTED'
  readonly statusDetails?: StatusDetails
}

/** A job in the hands of its handler. */
export interface RunningJob {
  readonly jobId: string
  readonly executionNumber: number
  /** The parsed job document. */
  readonly document: unknown
  /** Details that the service holds: what an earlier run of this execution left there. */
  readonly statusDetails: StatusDetails
  /** Whether an earlier run of this execution, cut short by a reboot, had reported progress. */
  readonly resumed: boolean
  /** Aborted when the service cancelled the execution or the device stops. */
  readonly signal: AbortSignal
  /**
   * Reports IN_PROGRESS with `statusDetails`, which replace the earlier ones (jobs J29, J118).
   *
   * @param stepTimeoutInMinutes - re-arms the step timer (jobs J58)
   * @returns whether the service accepted it; a cancellation aborts `signal` as well
   */
  progress(statusDetails: StatusDetails, stepTimeoutInMinutes?: number): Promise<boolean>
}

/**
 * Does what a job asks for. Throwing means FAILED with the message as reason.
 */
export type JobHandler = (job: RunningJob) => Promise<JobResult> | JobResult

/** Handlers by operation: the `operation` of the document, or the handlers of its steps. */
export type JobHandlers = Readonly<Record<string, JobHandler>>
