/**
 * What the Jobs rules need from a store: synchronous, keyed, every query answered by an index.
 *
 * An implementation collects writes and makes them durable together elsewhere (the store's
 * batch); reads always see earlier writes. `test/state-contract.ts` is what it must pass.
 */
import type { Job, JobStatus } from './job.ts'
import type {
  AfterExecution,
  JobExecution,
  JobExecutionKey,
  JobExecutionStatus,
} from './job-execution.ts'
import type { JobTemplate } from './job-template.ts'

/** Part of a job's executions. */
export interface ExecutionPage {
  readonly executions: readonly JobExecution[]
  /** Where the next page begins; absent when there is none. */
  readonly next?: AfterExecution
}

/** Where a page of jobs begins: after this one. */
export interface AfterJob {
  readonly createdAtMs: number
  readonly jobId: string
}

/** Where a page of templates begins: after this one. */
export interface AfterTemplate {
  readonly createdAtMs: number
  readonly jobTemplateId: string
}

/** Which jobs a list wants. */
export interface JobsQuery {
  readonly status?: JobStatus
  readonly targetSelection?: 'SNAPSHOT' | 'CONTINUOUS'
  readonly namespaceId?: string
  /** Only jobs with this ARN among their targets. */
  readonly targetArn?: string
}

/** Which executions of a thing a list wants. */
export interface ThingExecutionsQuery {
  readonly status?: JobExecutionStatus
  readonly namespaceId?: string
  readonly jobId?: string
}

/** Work that falls due. */
export interface DueWork {
  /** What to do: `rollout/J1`, `timeout/J1/T1/2`. */
  readonly work: string
  readonly dueAtMs: number
}

/** The state that the Jobs rules read and write. */
export interface JobsState {
  /** The job itself: its progress is changed in place and then {@link putProgress}. */
  job(jobId: string): Job | undefined
  /** Adds a job or replaces its configuration and progress. */
  putJob(job: Job): void
  /** Writes `job.progress`; called after every change of it. */
  putProgress(job: Job): void
  /** Forgets the job; its executions and rollout queue are deleted before. */
  deleteJob(jobId: string): void
  /** Newest first, then by id downwards. */
  jobs(query: JobsQuery, after: AfterJob | undefined, limit: number): readonly Job[]
  /** How many jobs have this status. */
  countJobs(status: JobStatus): number
  /** How many jobs are rolling out or cancelling (jobs J88). */
  countConcurrent(): number
  /** Live CONTINUOUS jobs with this ARN among their targets. */
  continuousJobs(targetArn: string): readonly string[]

  execution(key: JobExecutionKey): JobExecution | undefined
  /** The one with the highest number. */
  latestExecution(jobId: string, thingName: string): JobExecution | undefined
  insertExecution(execution: JobExecution): void
  updateExecution(execution: JobExecution): void
  deleteExecution(execution: JobExecution): void
  /** A number higher than that of any execution made before. */
  nextOrder(): number
  /** Executions that devices see as pending, in pending order (jobs J56). */
  pending(
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[]
  /** The same, only of jobs with maintenance windows (jobs J39). */
  pendingWindowed(
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[]
  /** Pending executions of a thing, hidden and namespaced ones included, in creation order. */
  unfinished(thingName: string, limit: number): readonly JobExecution[]
  /**
   * By thing name, then number; only those in one of the statuses when given. May stop early, so
   * that no call takes long: `next` tells where to go on, and is absent at the end.
   */
  executionsOfJob(
    jobId: string,
    statuses: readonly JobExecutionStatus[] | undefined,
    after: AfterExecution | undefined,
    limit: number,
  ): ExecutionPage
  /** Newest first; `afterOrder` is the `order` of the last one of the page before. */
  executionsOfThing(
    thingName: string,
    query: ThingExecutionsQuery,
    afterOrder: number | undefined,
    limit: number,
  ): readonly JobExecution[]

  /** Appends things that wait for the rollout of a job. */
  queueTargets(jobId: string, thingNames: readonly string[]): void
  /** Takes the first waiting things out of the queue. */
  takeTargets(jobId: string, limit: number): readonly string[]
  /** Whether any thing waits. */
  hasTargets(jobId: string): boolean
  /** How many things wait. */
  countTargets(jobId: string): number
  isTargetQueued(jobId: string, thingName: string): boolean
  clearTargets(jobId: string): void

  /** Sets when `work` falls due, replacing an earlier time. */
  putDue(work: string, dueAtMs: number): void
  deleteDue(work: string): void
  /** The earliest work due at or before `nowMs`, in order of time, then of setting. */
  firstDue(nowMs: number): DueWork | undefined
  /** When the earliest work falls due. */
  nextDueAtMs(): number | undefined
  /**
   * Runs with all of its writes, or none when it throws; the throw goes on. A state without it keeps
   * what was written before the throw.
   */
  wholly?<T>(run: () => T): T

  template(jobTemplateId: string): JobTemplate | undefined
  putTemplate(template: JobTemplate): void
  deleteTemplate(jobTemplateId: string): void
  /** Newest first, then by id downwards. */
  templates(after: AfterTemplate | undefined, limit: number): readonly JobTemplate[]
  countTemplates(): number
}
