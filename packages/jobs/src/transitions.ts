/**
 * Every change of an execution goes through here: record, counters, timers, retry, abort,
 * completion, notifications and events stay in step (jobs §3).
 */
import { present } from '@muster/model'
import { abortReason } from './abort.ts'
import { completeIfDone, isDone, stopGivingWork } from './job-end.ts'
import { emitExecutionEvent, emitJobEvent } from './events.ts'
import { isLive, isWindowed, type Job } from './job.ts'
import {
  timeoutAtMs,
  type JobExecution,
  type JobExecutionKey,
  type JobExecutionStatus,
} from './job-execution.ts'
import { nextWindowStarts } from './maintenance-window.ts'
import { announce, announceStarted } from './pending.ts'
import type { ExecutionMover, JobsContext } from './ports.ts'
import { mayRetry } from './retry.ts'
import { cancelWork, retryWork, timeoutWork } from './work.ts'

/** What ends an execution. */
export interface Ending {
  readonly status: Exclude<JobExecutionStatus, 'QUEUED' | 'IN_PROGRESS'>
  /** Replaces the details; absent leaves them (jobs J29). */
  readonly statusDetails?: Readonly<Record<string, string>> | undefined
  readonly forceCanceled?: true | undefined
  /** The thing is no target any more (jobs J77). */
  readonly uncovered?: boolean
  /** Whether the version stays (jobs J54). */
  readonly keepsVersion?: boolean
}

/** What starts an execution or reports its progress. */
export interface Running {
  readonly statusDetails?: Readonly<Record<string, string>> | undefined
  /** Minutes from now, `-1` to cancel the step timer, absent to leave it (jobs J58, J59). */
  readonly stepTimeoutInMinutes?: number | undefined
}

/**
 * Queues the first or next execution of a job on a thing (jobs J55) without telling the thing:
 * the caller announces it.
 */
export function queueExecution(
  ctx: JobsContext,
  job: Job,
  thingName: string,
  retryAttempt: number,
  nowMs: number,
): JobExecution {
  const { config, progress } = job
  const latest = ctx.state.latestExecution(config.jobId, thingName)
  const windowed = isWindowed(config)
  const execution: JobExecution = {
    jobId: config.jobId,
    thingName,
    executionNumber: (latest?.executionNumber ?? 0) + 1,
    order: ctx.state.nextOrder(),
    ...(config.namespaceId !== undefined && { namespaceId: config.namespaceId }),
    status: 'QUEUED',
    queuedAtMs: nowMs,
    lastUpdatedAtMs: nowMs,
    versionNumber: 1,
    retryAttempt,
    ...(windowed && { windowed }),
    ...(windowed && progress.windowUntilMs === undefined && { hidden: true }),
  }
  ctx.state.insertExecution(execution)
  progress.things.QUEUED += 1
  ctx.state.putProgress(job)
  ctx.witness?.({ kind: 'execution', execution, by: retryAttempt > 0 ? 'retry' : 'rollout' })
  return execution
}

/** Moves an execution to IN_PROGRESS or, when it is there, records progress (jobs J21, J54). */
export function runExecution(
  ctx: JobsContext,
  job: Job,
  execution: JobExecution,
  running: Running,
  headBefore: JobExecution | undefined,
  nowMs: number,
): JobExecution {
  const starts = execution.status === 'QUEUED'
  const after: Mutable<JobExecution> = {
    ...execution,
    status: 'IN_PROGRESS',
    versionNumber: execution.versionNumber + 1,
    lastUpdatedAtMs: nowMs,
  }
  if (running.statusDetails !== undefined) after.statusDetails = running.statusDetails
  if (starts) {
    after.startedAtMs = nowMs
    const minutes = job.config.timeoutConfig?.inProgressTimeoutInMinutes
    if (minutes !== undefined) after.inProgressUntilMs = nowMs + minutes * 60_000
  }
  const stepMinutes = running.stepTimeoutInMinutes
  if (stepMinutes === -1) delete after.stepUntilMs
  else if (stepMinutes !== undefined) after.stepUntilMs = nowMs + stepMinutes * 60_000
  ctx.state.updateExecution(after)
  armTimer(ctx, execution, after)
  if (starts) {
    job.progress.things.QUEUED -= 1
    job.progress.things.IN_PROGRESS += 1
    ctx.state.putProgress(job)
    ctx.witness?.({ kind: 'execution', execution: after, by: 'device' })
    announceStarted(ctx, headBefore, after, nowMs)
  }
  return after
}

/**
 * Ends an execution: retries or aborts where the job says so, tells the thing, completes the job.
 */
export function endExecution(
  ctx: JobsContext,
  job: Job,
  execution: JobExecution,
  ending: Ending,
  nowMs: number,
): JobExecution {
  const { progress } = job
  const after = ended(execution, ending, nowMs)
  ctx.state.updateExecution(after)
  armTimer(ctx, execution, after)
  progress.things[execution.status] -= 1
  progress.things[after.status] += 1
  ctx.witness?.({ kind: 'execution', execution: after, by: whoEnded(job, ending) })
  const { destinationPackageVersions: versions = [], jobId } = job.config
  if (after.status === 'SUCCEEDED' && versions.length > 0) {
    ctx.installed?.({ thingName: after.thingName, jobId, versions })
  }
  if (!isDone(job) || mayRetry(ctx, job, after)) abortIfDue(ctx, job, nowMs)
  const retried = mayRetry(ctx, job, after) ? retry(ctx, job, after, nowMs) : undefined
  ctx.state.putProgress(job)
  announce(ctx, execution, retried, nowMs)
  emitExecutionEvent(ctx, after, false, nowMs)
  completeIfDone(ctx, job, nowMs)
  return after
}

function whoEnded({ progress }: Job, { status }: Ending): ExecutionMover {
  if (status === 'TIMED_OUT') return 'timer'
  if (status === 'REMOVED') return 'job'
  if (status !== 'CANCELED') return 'device'
  return progress.sweep === undefined ? 'operator' : 'job'
}

function ended(execution: JobExecution, ending: Ending, nowMs: number): JobExecution {
  const { hidden: _, inProgressUntilMs: __, stepUntilMs: ___, ...rest } = execution
  const { keepsVersion = false, ...changes } = ending
  const reported = ending.status === 'SUCCEEDED' || ending.status === 'FAILED'
  return {
    ...rest,
    ...present(changes),
    // A device that reports without having started began and ended at once.
    ...(reported && execution.startedAtMs === undefined && { startedAtMs: nowMs }),
    versionNumber: execution.versionNumber + (keepsVersion ? 0 : 1),
    lastUpdatedAtMs: nowMs,
  }
}

/** Between two maintenance windows the next attempt waits for the next one (jobs J101). */
function retry(
  ctx: JobsContext,
  job: Job,
  failed: JobExecution,
  nowMs: number,
): JobExecution | undefined {
  const { config, progress } = job
  if (!isWindowed(config) || progress.windowUntilMs !== undefined) {
    return queueExecution(ctx, job, failed.thingName, failed.retryAttempt + 1, nowMs)
  }
  const [nextMs] = nextWindowStarts(config.schedulingConfig?.maintenanceWindows ?? [], nowMs, 1)
  if (nextMs !== undefined) ctx.putDue(retryWork(failed), nextMs)
  return undefined
}

/** A retry that waited for a maintenance window; whatever made it needless meanwhile drops it. */
export function retryInWindow(
  ctx: JobsContext,
  job: Job,
  key: JobExecutionKey,
  nowMs: number,
): void {
  ctx.state.deleteDue(retryWork(key))
  const latest = ctx.state.latestExecution(key.jobId, key.thingName)
  if (latest?.executionNumber !== key.executionNumber || !mayRetry(ctx, job, latest)) return
  const queued = retry(ctx, job, latest, nowMs)
  announce(ctx, undefined, queued, nowMs)
}

/** Forgets an execution; an older attempt becomes the thing's latest again (jobs J55, J97). */
export function removeExecution(
  ctx: JobsContext,
  job: Job,
  execution: JobExecution,
  nowMs: number,
): void {
  ctx.state.deleteExecution(execution)
  if (timeoutAtMs(execution) !== undefined) ctx.state.deleteDue(timeoutWork(execution))
  // A retry may wait for the next maintenance window.
  if (isWindowed(job.config)) ctx.state.deleteDue(retryWork(execution))
  job.progress.things[execution.status] -= 1
  ctx.state.putProgress(job)
  announce(ctx, execution, undefined, nowMs)
  emitExecutionEvent(ctx, execution, true, nowMs)
}

/** After an execution is gone: its share is, too, which may abort the job or complete it. */
export function abortOrComplete(ctx: JobsContext, job: Job, nowMs: number): void {
  if (!isDone(job)) abortIfDue(ctx, job, nowMs)
  ctx.state.putProgress(job)
  completeIfDone(ctx, job, nowMs)
}

function armTimer(ctx: JobsContext, before: JobExecution, after: JobExecution): void {
  const beforeMs = timeoutAtMs(before)
  const afterMs = timeoutAtMs(after)
  if (afterMs === beforeMs) return
  if (afterMs === undefined) ctx.state.deleteDue(timeoutWork(after))
  else ctx.putDue(timeoutWork(after), afterMs)
}

/**
 * jobs J96, J98: queued executions are cancelled as due work, running ones are left alone. The last
 * execution of a job completes it instead: nothing is left to abort.
 */
function abortIfDue(ctx: JobsContext, job: Job, nowMs: number): void {
  const { config, progress } = job
  if (!isLive(job) || progress.sweep !== undefined) return
  const reason = abortReason(config.abortConfig, progress.things)
  if (reason === undefined) return
  progress.status = 'CANCELED'
  progress.reasonCode = reason.reasonCode
  progress.comment = reason.comment
  progress.forceCanceled = false
  progress.completedAtMs = nowMs
  progress.lastUpdatedAtMs = nowMs
  progress.sweep = { kind: 'cancel', force: false }
  stopGivingWork(ctx, job)
  ctx.putDue(cancelWork(config.jobId), nowMs)
  emitJobEvent(ctx, job, 'cancellation_in_progress', nowMs)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
