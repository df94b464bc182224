/**
 * Doing what has fallen due, in order of time and in slices (design decision 6).
 */
import { sweepCancel } from './cancel-job.ts'
import { sweepDelete } from './delete-job.ts'
import { timeoutAtMs, type JobExecutionKey } from './job-execution.ts'
import { checkCoverage } from './membership.ts'
import type { JobsContext } from './ports.ts'
import { rollOut } from './rollout.ts'
import { endScheduled, showExecutions, startScheduled, turnWindow } from './schedule.ts'
import { endExecution, retryInWindow } from './transitions.ts'
import { parseWork, timeoutWork } from './work.ts'

/**
 * Does the work that fell due first.
 *
 * @returns what it counts for, at least 1, or 0 when nothing is due at `nowMs`
 */
export function runFirstDue(ctx: JobsContext, nowMs: number): number {
  const due = ctx.state.firstDue(nowMs)
  return due === undefined ? 0 : 1 + doWork(ctx, due.work, nowMs)
}

/** @returns executions handled */
function doWork(ctx: JobsContext, work: string, nowMs: number): number {
  const { kind, jobId, execution } = parseWork(work)
  const job = ctx.state.job(jobId)
  if (job === undefined) {
    ctx.state.deleteDue(work)
    return 0
  }
  switch (kind) {
    case 'rollout':
      return rollOut(ctx, job, nowMs)
    case 'cancel':
      return sweepCancel(ctx, job, nowMs)
    case 'delete':
      return sweepDelete(ctx, job, nowMs)
    case 'check':
      return checkCoverage(ctx, job, nowMs)
    case 'show':
      return showExecutions(ctx, job, nowMs)
    case 'start':
      startScheduled(ctx, job, nowMs)
      return 0
    case 'end':
      endScheduled(ctx, job, nowMs)
      return 0
    case 'window':
      turnWindow(ctx, job, nowMs)
      return 0
    case 'retry':
      if (execution !== undefined) retryInWindow(ctx, job, execution, nowMs)
      return 1
    case 'timeout':
      if (execution !== undefined) timeOut(ctx, execution, nowMs)
      return 1
    default:
      ctx.state.deleteDue(work)
      return 0
  }
}

/** jobs J60. */
function timeOut(ctx: JobsContext, key: JobExecutionKey, nowMs: number): void {
  const job = ctx.state.job(key.jobId)
  const execution = ctx.state.execution(key)
  const atMs = execution && timeoutAtMs(execution)
  if (job === undefined || execution === undefined || atMs === undefined || atMs > nowMs) {
    ctx.state.deleteDue(timeoutWork(key))
    return
  }
  endExecution(ctx, job, execution, { status: 'TIMED_OUT' }, nowMs)
}
