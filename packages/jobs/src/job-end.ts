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
 * Completes a job whose rollout is done and whose executions are all terminal: a SNAPSHOT job
 * (jobs J73), or a CONTINUOUS one past its end time (J74).
 */
export function completeIfDone(ctx: JobsContext, job: Job, nowMs: number): void {
  const { config, progress } = job
  if (!isLive(job) || progress.rollout.phase !== 'done') return
  if (progress.things.QUEUED > 0 || progress.things.IN_PROGRESS > 0) return
  if (config.targetSelection === 'CONTINUOUS' && progress.ended !== true) return
  progress.status = 'COMPLETED'
  progress.completedAtMs = nowMs
  progress.lastUpdatedAtMs = nowMs
  delete progress.windowUntilMs
  stopGivingWork(ctx, job)
  ctx.state.putProgress(job)
  emitJobEvent(ctx, job, 'completed', nowMs)
}
