/**
 * Scheduled starts, ends and maintenance windows as due work (jobs J72, J99 to J102).
 */
import { startSweep } from './cancel-job.ts'
import { emitJobEvent } from './events.ts'
import { completeIfDone, stopGivingWork, stopRollout } from './job-end.ts'
import { isConcurrent, isLive, isWindowed, type Job } from './job.ts'
import { windowsAt } from './maintenance-window.ts'
import { announce } from './pending.ts'
import type { JobsContext } from './ports.ts'
import { beginRollout, resumeRollout } from './rollout.ts'
import { parseScheduleTime } from './schedule-time.ts'
import { endWork, rolloutWork, showWork, startWork, windowWork } from './work.ts'

/** Sets the due times of a new job's schedule. */
export function armSchedule(ctx: JobsContext, job: Job, nowMs: number): void {
  const { jobId, schedulingConfig } = job.config
  const startMs = timeOf(schedulingConfig?.startTime)
  const endMs = timeOf(schedulingConfig?.endTime)
  if (endMs !== undefined) ctx.putDue(endWork(jobId), endMs)
  if (startMs !== undefined) ctx.putDue(startWork(jobId), startMs)
  else if (isWindowed(job.config)) armWindows(ctx, job, nowMs)
}

/** The scheduled start has come (jobs J72); too many concurrent jobs cancel it (J102). */
export function startScheduled(ctx: JobsContext, job: Job, nowMs: number): void {
  ctx.state.deleteDue(startWork(job.config.jobId))
  if (job.progress.status !== 'SCHEDULED') return
  if (isWindowed(job.config)) {
    armWindows(ctx, job, nowMs)
    return
  }
  begin(ctx, job, nowMs)
}

function begin(ctx: JobsContext, job: Job, nowMs: number): void {
  const { progress } = job
  progress.lastUpdatedAtMs = nowMs
  if (!isConcurrent(progress) && ctx.state.countConcurrent() >= ctx.limits.concurrentJobsMax) {
    progress.status = 'CANCELED'
    progress.completedAtMs = nowMs
    progress.reasonCode = 'CONCURRENT_JOBS_LIMIT_EXCEEDED'
    progress.comment = `${ctx.limits.concurrentJobsMax} jobs were rolling out at the start time`
    stopGivingWork(ctx, job)
    ctx.state.putProgress(job)
    emitJobEvent(ctx, job, 'canceled', nowMs)
    return
  }
  beginRollout(ctx, job, nowMs)
}

/**
 * The scheduled end has come (jobs J74, J100): nothing more is created, and no window opens any more;
 * what is queued and not cancelled stays to be done. The job completes with its last execution.
 */
export function endScheduled(ctx: JobsContext, job: Job, nowMs: number): void {
  const { config, progress } = job
  const { jobId, schedulingConfig } = config
  ctx.state.deleteDue(endWork(jobId))
  if (!isLive(job)) return
  progress.ended = true
  stopRollout(ctx, job)
  if (isWindowed(config)) {
    ctx.state.deleteDue(windowWork(jobId))
    delete progress.windowUntilMs
    progress.status = 'IN_PROGRESS'
    progress.lastUpdatedAtMs = nowMs
    startShowing(ctx, job, false, nowMs)
  }
  const behavior = schedulingConfig?.endBehavior ?? 'STOP_ROLLOUT'
  if (behavior !== 'STOP_ROLLOUT') startSweep(ctx, job, behavior === 'FORCE_CANCEL', nowMs)
  ctx.state.putProgress(job)
  completeIfDone(ctx, job, nowMs)
}

/** Looks at once: a window that is open already counts (jobs J101). */
function armWindows(ctx: JobsContext, job: Job, nowMs: number): void {
  job.progress.windowsCheckedMs = 0
  ctx.state.putProgress(job)
  ctx.putDue(windowWork(job.config.jobId), nowMs)
}

/** A maintenance window opens or closes, or looks whether it does (jobs J101). */
export function turnWindow(ctx: JobsContext, job: Job, nowMs: number): void {
  const { config, progress } = job
  const { jobId } = config
  ctx.state.deleteDue(windowWork(jobId))
  if (!isLive(job)) return
  const { untilMs: wasUntilMs, checkedMs } = {
    untilMs: progress.windowUntilMs,
    checkedMs: progress.windowsCheckedMs ?? nowMs,
  }
  const windows = config.schedulingConfig?.maintenanceWindows ?? []
  const { untilMs, nextMs } = windowsAt(windows, checkedMs, wasUntilMs, nowMs)
  progress.windowsCheckedMs = nowMs
  if (nextMs !== undefined) ctx.putDue(windowWork(jobId), nextMs)
  if (untilMs !== undefined) progress.windowUntilMs = untilMs
  else delete progress.windowUntilMs
  if (untilMs !== undefined && wasUntilMs === undefined) openWindow(ctx, job, nowMs)
  if (untilMs === undefined && wasUntilMs !== undefined) closeWindow(ctx, job, nowMs)
  ctx.state.putProgress(job)
}

function openWindow(ctx: JobsContext, job: Job, nowMs: number): void {
  const { progress } = job
  if (progress.rollout.phase === 'waiting') {
    begin(ctx, job, nowMs)
    return
  }
  progress.status = 'IN_PROGRESS'
  progress.lastUpdatedAtMs = nowMs
  if (progress.rollout.phase === 'rolling') resumeRollout(ctx, job, nowMs)
  startShowing(ctx, job, false, nowMs)
}

function closeWindow(ctx: JobsContext, job: Job, nowMs: number): void {
  job.progress.status = 'SCHEDULED'
  job.progress.lastUpdatedAtMs = nowMs
  ctx.state.deleteDue(rolloutWork(job.config.jobId))
  startShowing(ctx, job, true, nowMs)
}

function startShowing(ctx: JobsContext, job: Job, hidden: boolean, nowMs: number): void {
  job.progress.showing = { hidden }
  ctx.putDue(showWork(job.config.jobId), nowMs)
}

/** One slice of showing or hiding a job's QUEUED executions, telling each thing (jobs J101). */
export function showExecutions(ctx: JobsContext, job: Job, nowMs: number): number {
  const { config, progress } = job
  const { showing } = progress
  ctx.state.deleteDue(showWork(config.jobId))
  if (showing === undefined) return 0
  const { hidden, after } = showing
  const most = ctx.limits.sliceExecutions
  const page = ctx.state.executionsOfJob(config.jobId, ['QUEUED'], after, most)
  for (const execution of page.executions) {
    if ((execution.hidden === true) === hidden) continue
    const { hidden: _, ...rest } = execution
    const turned = hidden ? { ...rest, hidden } : rest
    ctx.state.updateExecution(turned)
    announce(ctx, execution, turned, nowMs)
  }
  if (page.next === undefined) {
    delete progress.showing
  } else {
    progress.showing = { hidden, after: page.next }
    ctx.putDue(showWork(config.jobId), nowMs)
  }
  ctx.state.putProgress(job)
  return page.executions.length
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseScheduleTime(text)
}
