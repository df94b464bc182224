/**
 * CancelJob and the sweep behind it (jobs J80, J81, J112).
 */
import type { CancelJobRequest, CancelJobResponse } from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'
import { emitJobEvent } from './events.ts'
import { limitExceeded, noSuchJob } from './invalid.ts'
import { completeIfDone, stopGivingWork } from './job-end.ts'
import { isConcurrent, type Job } from './job.ts'
import type { JobsContext } from './ports.ts'
import { endExecution } from './transitions.ts'
import { cancelWork } from './work.ts'

const QUEUED = ['QUEUED'] as const
const UNFINISHED = ['QUEUED', 'IN_PROGRESS'] as const

/** Why a job was cancelled. */
export interface CancelReason {
  readonly reasonCode: string | undefined
  readonly comment: string | undefined
}

/**
 * Cancels a job; its executions follow in slices.
 *
 * Fails with ResourceNotFoundException for an unknown job, InvalidRequestException for a
 * job that is COMPLETED or being deleted (jobs J81), LimitExceededException when too
 * many jobs are rolling out or being cancelled.
 */
export function cancelJob(
  ctx: JobsContext,
  input: CancelJobRequest,
  nowMs: number,
): Outcome<CancelJobResponse> {
  const { jobId = '', reasonCode, comment, force = false } = input
  const job = ctx.state.job(jobId)
  if (job === undefined) return noSuchJob(jobId)
  const { progress, config } = job
  if (progress.status === 'COMPLETED' || progress.status === 'DELETION_IN_PROGRESS') {
    return invalidRequest(`Job ${jobId} in status ${progress.status} cannot be canceled.`)
  }
  if (!isConcurrent(progress) && ctx.state.countConcurrent() >= ctx.limits.concurrentJobsMax) {
    return limitExceeded(`${ctx.limits.concurrentJobsMax} jobs are rolling out or being cancelled`)
  }
  if (progress.status !== 'CANCELED' || force) {
    startCancel(ctx, job, { reasonCode, comment }, force, nowMs)
    sweepCancel(ctx, job, nowMs)
  }
  const { description, jobArn } = config
  return accept({ jobArn, jobId, description })
}

/** Turns a job CANCELED and makes its sweep due. */
export function startCancel(
  ctx: JobsContext,
  job: Job,
  reason: CancelReason,
  force: boolean,
  nowMs: number,
): void {
  const { progress } = job
  progress.status = 'CANCELED'
  progress.completedAtMs ??= nowMs
  progress.lastUpdatedAtMs = nowMs
  if (reason.reasonCode !== undefined) progress.reasonCode = reason.reasonCode
  if (reason.comment !== undefined) progress.comment = reason.comment
  progress.forceCanceled = force || progress.forceCanceled === true
  stopGivingWork(ctx, job)
  startSweep(ctx, job, force, nowMs)
  emitJobEvent(ctx, job, 'cancellation_in_progress', nowMs)
}

/**
 * Makes the cancelling of a job's QUEUED executions due, with force of all that are not finished. A
 * sweep that runs already is only made stronger.
 */
export function startSweep(ctx: JobsContext, job: Job, force: boolean, nowMs: number): void {
  const { progress } = job
  progress.sweep = { kind: 'cancel', force: force || progress.sweep?.force === true }
  ctx.putDue(cancelWork(job.config.jobId), nowMs)
  ctx.state.putProgress(job)
}

/**
 * One slice of cancelling; puts itself due again until nothing is left.
 *
 * @returns executions handled
 */
export function sweepCancel(ctx: JobsContext, job: Job, nowMs: number): number {
  const { jobId } = job.config
  const { sweep } = job.progress
  ctx.state.deleteDue(cancelWork(jobId))
  if (sweep?.kind !== 'cancel') return 0
  const statuses = sweep.force ? UNFINISHED : QUEUED
  const most = ctx.limits.sliceExecutions
  const { executions, next } = ctx.state.executionsOfJob(jobId, statuses, sweep.after, most)
  for (const execution of executions) {
    const ending = { status: 'CANCELED', forceCanceled: sweep.force || undefined } as const
    endExecution(ctx, job, execution, ending, nowMs)
  }
  if (next === undefined) {
    delete job.progress.sweep
    if (job.progress.status === 'CANCELED') emitJobEvent(ctx, job, 'canceled', nowMs)
  } else {
    sweep.after = next
    ctx.putDue(cancelWork(jobId), nowMs)
  }
  ctx.state.putProgress(job)
  completeIfDone(ctx, job, nowMs)
  return executions.length
}
