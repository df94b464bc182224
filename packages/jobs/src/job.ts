/**
 * A job: what its creator asked for, and how far it got.
 */
import type {
  AbortConfig,
  JobExecutionsRetryConfig,
  JobExecutionsRolloutConfig,
  PresignedUrlConfig,
  SchedulingConfig,
  TimeoutConfig,
} from '@aws-sdk/client-iot'
import type { AfterExecution, JobExecutionStatus } from './job-execution.ts'

/** jobs J73. */
export type JobStatus =
  | 'SCHEDULED'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'CANCELED'
  | 'DELETION_IN_PROGRESS'

/** What a job was created with; UpdateJob and AssociateTargetsWithJob replace it. */
export interface JobConfig {
  readonly jobId: string
  readonly jobArn: string
  /** Thing and thing-group ARNs, as given. */
  readonly targets: readonly string[]
  readonly targetSelection: 'SNAPSHOT' | 'CONTINUOUS'
  /** JSON text with parameters filled in; presigned-URL placeholders stay (jobs J103 to J105). */
  readonly document: string
  /** JSON text before parameters were filled in, when that differs (jobs J106). */
  readonly documentBeforeSubstitution?: string
  readonly documentSource?: string
  readonly description?: string
  readonly namespaceId?: string
  readonly jobTemplateArn?: string
  readonly documentParameters?: Readonly<Record<string, string>>
  readonly presignedUrlConfig?: PresignedUrlConfig
  readonly jobExecutionsRolloutConfig?: JobExecutionsRolloutConfig
  readonly abortConfig?: AbortConfig
  readonly timeoutConfig?: TimeoutConfig
  readonly jobExecutionsRetryConfig?: JobExecutionsRetryConfig
  readonly schedulingConfig?: SchedulingConfig
  /** ARNs with versions' names in place of `$default` (neighbours N64). */
  readonly destinationPackageVersions?: readonly string[]
  /** As they were given, where that differs. */
  readonly destinationsBeforeSubstitution?: readonly string[]
  /** S3 URLs of artifacts that the document links to, by placeholder (neighbours N65). */
  readonly packageArtifacts?: Readonly<Record<string, string>>
  readonly createdAtMs: number
}

/** Where the creation of executions stands (jobs §5). */
export interface RolloutProgress {
  /** `waiting`: not begun; `rolling`: targets are left; `done`: none are, or it was stopped. */
  phase: 'waiting' | 'rolling' | 'done'
  /** Start of the rollout minute that runs, epoch milliseconds. */
  minuteStartMs: number
  /** Executions created in that minute. */
  createdInMinute: number
  /** The rate that holds in that minute. */
  ratePerMinute: number
  /** Executions created by the rollout since it began (jobs J93). */
  notified: number
}

/** Work on many executions that goes on in slices. */
export interface SweepProgress {
  kind: 'cancel' | 'delete'
  force: boolean
  /** The last execution handled. */
  after?: AfterExecution
}

/** What a job has come to; changed in place by the engine, then put. */
export interface JobProgress {
  status: JobStatus
  lastUpdatedAtMs: number
  completedAtMs?: number
  reasonCode?: string
  comment?: string
  forceCanceled?: boolean
  /** Executions by status, the earlier ones of a thing too (jobs J87). */
  things: Record<JobExecutionStatus, number>
  rollout: RolloutProgress
  sweep?: SweepProgress
  /** While a maintenance window is open: when it closes (jobs J101). */
  windowUntilMs?: number
  /** Windows that began at or before this moment have been looked at. */
  windowsCheckedMs?: number
  /** Its QUEUED executions are being shown or hidden: the last one done. */
  showing?: { hidden: boolean; after?: AfterExecution }
  /** Pending executions are being checked against the targets: the last one done. */
  checking?: { after?: AfterExecution }
  /** The scheduling end time has passed (jobs J74, J100). */
  ended?: boolean
}

/** A job with its progress. */
export interface Job {
  readonly config: JobConfig
  readonly progress: JobProgress
}

/** The progress of a job nobody has heard of yet. */
export function initialProgress(status: JobStatus, nowMs: number): JobProgress {
  return {
    status,
    lastUpdatedAtMs: nowMs,
    things: {
      QUEUED: 0,
      IN_PROGRESS: 0,
      SUCCEEDED: 0,
      FAILED: 0,
      TIMED_OUT: 0,
      REJECTED: 0,
      REMOVED: 0,
      CANCELED: 0,
    },
    rollout: {
      phase: 'waiting',
      minuteStartMs: 0,
      createdInMinute: 0,
      ratePerMinute: 0,
      notified: 0,
    },
  }
}

/** Whether the job still gives work to things (jobs J73). */
export function isLive(job: Job): boolean {
  return job.progress.status === 'IN_PROGRESS' || job.progress.status === 'SCHEDULED'
}

/** Whether it is rolling out or cancelling at this moment (jobs J88). */
export function isConcurrent(progress: JobProgress): boolean {
  if (progress.sweep?.kind === 'cancel') return true
  return progress.status === 'IN_PROGRESS' && progress.rollout.phase === 'rolling'
}

/** Whether the job has maintenance windows (jobs J101). */
export function isWindowed(config: JobConfig): boolean {
  return (config.schedulingConfig?.maintenanceWindows?.length ?? 0) > 0
}
