/**
 * How a job stops giving work and how it completes (jobs J73, J74).
 */
import { emitJobEvent } from './events.ts'
import { isLive, type Job } from './job.ts'
import type { JobsContext } from './ports.ts'
import { endWork, rolloutWork, showWork, startWork, windowWork } from './work.ts'

/** Drops the waiting targets: nothing more is rolled out. The caller puts the progress. */
export function stopRollout(ctx: JobsContext, job: Job): void {
  const { jobId } = job.config
  ctx.state.clearTargets(jobId)
  ctx.state.deleteDue(rolloutWork(jobId))
  job.progress.rollout.phase = 'done'
}

/** Stops rollout and schedule of a job that ends. The caller puts the progress. */
export function stopGivingWork(ctx: JobsContext, job: Job): void {
  const { jobId } = job.config
  stopRollout(ctx, job)
  for (const work of [startWork(jobId), endWork(jobId), windowWork(jobId), showWork(jobId)]) {
    ctx.state.deleteDue(work)
  }
}

/**
 * Whether a live job's rollout is done and its executions are all terminal: of a SNAPSHOT job
 * (jobs J73), or of a CONTINUOUS one past its end time (J74).
 */
export function isDone(job: Job): boolean {
  const { config, progress } = job
  if (!isLive(job) || progress.rollout.phase !== 'done') return false
  if (progress.things.QUEUED > 0 || progress.things.IN_PROGRESS > 0) return false
  return config.targetSelection === 'SNAPSHOT' || progress.ended === true
}

/** Completes a job that is done. */
export function completeIfDone(ctx: JobsContext, job: Job, nowMs: number): void {
  if (!isDone(job)) return
  const { progress } = job
  progress.status = 'COMPLETED'
  progress.completedAtMs = nowMs
  progress.lastUpdatedAtMs = nowMs
  delete progress.windowUntilMs
  stopGivingWork(ctx, job)
  ctx.state.putProgress(job)
  emitJobEvent(ctx, job, 'completed', nowMs)
}
