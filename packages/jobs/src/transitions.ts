/**
 * Every change of an execution goes through here: record, counters, timers, retry, abort,
 * completion, notifications and events stay in step (jobs §3).
 */
import { present } from '@muster/model'
import { abortReason } from './abort.ts'
import { completeIfDone, stopGivingWork } from './job-end.ts'
import { emitExecutionEvent, emitJobEvent } from './events.ts'
import { isWindowed, type ExecutedStatus, type Job } from './job.ts'
import { timeoutAtMs, type JobExecution, type JobExecutionStatus } from './job-execution.ts'
import { announce, announceStarted } from './pending.ts'
import type { JobsContext } from './ports.ts'
import { mayRetry } from './retry.ts'
import { cancelWork, timeoutWork } from './work.ts'

/** What ends an execution. */
export interface Ending {
  readonly status: Exclude<JobExecutionStatus, 'QUEUED' | 'IN_PROGRESS'>
  /** Replaces the details; absent leaves them (jobs J29). */
  readonly statusDetails?: Readonly<Record<string, string>> | undefined
  readonly forceCanceled?: boolean
  /** The thing is no target any more (jobs J77). */
  readonly uncovered?: boolean
}

/** What starts an execution or reports its progress. */
export interface Running {
  readonly statusDetails?: Readonly<Record<string, string>> | undefined
  /** Minutes from now, `-1` to cancel the step timer, absent to leave it (jobs J58, J59). */
  readonly stepTimeoutInMinutes?: number | undefined
}

const EXECUTED: ReadonlySet<JobExecutionStatus> = new Set([
  'SUCCEEDED',
  'FAILED',
  'REJECTED',
  'TIMED_OUT',
])

/** Whether an attempt that ended so counts as executed (jobs J97). */
export function isExecuted(status: JobExecutionStatus): status is ExecutedStatus {
  return EXECUTED.has(status)
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
  if (latest !== undefined) progress.things[latest.status] -= 1
  progress.things.QUEUED += 1
  ctx.state.putProgress(job)
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
  const { hidden: _, inProgressUntilMs: __, stepUntilMs: ___, ...rest } = execution
  const after: JobExecution = {
    ...rest,
    ...present(ending),
    versionNumber: execution.versionNumber + 1,
    lastUpdatedAtMs: nowMs,
  }
  ctx.state.updateExecution(after)
  armTimer(ctx, execution, after)
  progress.things[execution.status] -= 1
  progress.things[after.status] += 1
  if (isExecuted(after.status)) {
    progress.executed[after.status] += 1
    abortIfDue(ctx, job, nowMs)
  }
  const retried = mayRetry(ctx, job, after)
    ? queueExecution(ctx, job, after.thingName, after.retryAttempt + 1, nowMs)
    : undefined
  ctx.state.putProgress(job)
  announce(ctx, execution, retried, nowMs)
  emitExecutionEvent(ctx, after, false, nowMs)
  completeIfDone(ctx, job, nowMs)
  return after
}

/** Forgets an execution; an older attempt becomes the thing's latest again (jobs J55, J97). */
export function removeExecution(
  ctx: JobsContext,
  job: Job,
  execution: JobExecution,
  nowMs: number,
): void {
  const { progress } = job
  const { jobId, thingName } = execution
  const latest = ctx.state.latestExecution(jobId, thingName)
  ctx.state.deleteExecution(execution)
  if (timeoutAtMs(execution) !== undefined) ctx.state.deleteDue(timeoutWork(execution))
  if (latest?.executionNumber === execution.executionNumber) {
    progress.things[execution.status] -= 1
    const previous = ctx.state.latestExecution(jobId, thingName)
    if (previous !== undefined) progress.things[previous.status] += 1
  }
  if (isExecuted(execution.status)) progress.executed[execution.status] -= 1
  ctx.state.putProgress(job)
  announce(ctx, execution, undefined, nowMs)
  emitExecutionEvent(ctx, execution, true, nowMs)
}

function armTimer(ctx: JobsContext, before: JobExecution, after: JobExecution): void {
  const beforeMs = timeoutAtMs(before)
  const afterMs = timeoutAtMs(after)
  if (afterMs === beforeMs) return
  if (afterMs === undefined) ctx.state.deleteDue(timeoutWork(after))
  else ctx.putDue(timeoutWork(after), afterMs)
}

/** jobs J96, J98: queued executions are cancelled as due work, running ones are left alone. */
function abortIfDue(ctx: JobsContext, job: Job, nowMs: number): void {
  const { config, progress } = job
  if (progress.status !== 'IN_PROGRESS' && progress.status !== 'SCHEDULED') return
  const reason = abortReason(config.abortConfig, progress.executed)
  if (reason === undefined) return
  progress.status = 'CANCELED'
  progress.reasonCode = reason.reasonCode
  progress.comment = reason.comment
  progress.completedAtMs = nowMs
  progress.lastUpdatedAtMs = nowMs
  progress.sweep = { kind: 'cancel', force: false }
  stopGivingWork(ctx, job)
  ctx.putDue(cancelWork(config.jobId), nowMs)
  emitJobEvent(ctx, job, 'cancellation_in_progress', nowMs)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
