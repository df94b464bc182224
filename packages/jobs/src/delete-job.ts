/**
 * DeleteJob and the sweep behind it (jobs J82, J112).
 */
import type { DeleteJobRequest } from '@aws-sdk/client-iot'
import { accept, type Outcome } from '@muster/model'
import { emitJobEvent } from './events.ts'
import { invalidTransition, limitExceeded, noSuchJob } from './invalid.ts'
import { stopGivingWork } from './job-end.ts'
import { isLive, type Job } from './job.ts'
import type { JobsContext } from './ports.ts'
import { removeExecution } from './transitions.ts'
import { cancelWork, checkWork, deleteWork } from './work.ts'

/**
 * Deletes a job; its executions go in slices, the job last.
 *
 * Fails with ResourceNotFoundException for an unknown job or another namespace,
 * InvalidStateTransitionException for a live job without force or one being deleted,
 * LimitExceededException for too many deletions at a time.
 */
export function deleteJob(
  ctx: JobsContext,
  input: DeleteJobRequest,
  nowMs: number,
): Outcome<Record<never, never>> {
  const { jobId = '', force = false, namespaceId } = input
  const job = ctx.state.job(jobId)
  if (job === undefined) return noSuchJob(jobId)
  if (namespaceId !== undefined && namespaceId !== job.config.namespaceId) return noSuchJob(jobId)
  const { progress } = job
  if (progress.status === 'DELETION_IN_PROGRESS') {
    return invalidTransition(`Job ${jobId} in status ${progress.status} cannot be deleted.`)
  }
  if (isLive(job) && !force) {
    return invalidTransition(
      `Job ${jobId} in status ${progress.status} cannot be deleted without force flag.`,
    )
  }
  if (ctx.state.countJobs('DELETION_IN_PROGRESS') >= ctx.limits.concurrentDeletionsMax) {
    return limitExceeded(`${ctx.limits.concurrentDeletionsMax} jobs are being deleted`)
  }
  stopGivingWork(ctx, job)
  ctx.state.deleteDue(cancelWork(jobId))
  ctx.state.deleteDue(checkWork(jobId))
  progress.status = 'DELETION_IN_PROGRESS'
  progress.lastUpdatedAtMs = nowMs
  progress.sweep = { kind: 'delete', force }
  ctx.state.putProgress(job)
  emitJobEvent(ctx, job, 'deletion_in_progress', nowMs)
  sweepDelete(ctx, job, nowMs)
  return accept({})
}

/**
 * One slice of deleting; puts itself due again until the job is gone.
 *
 * @returns executions handled
 */
export function sweepDelete(ctx: JobsContext, job: Job, nowMs: number): number {
  const { jobId, jobArn } = job.config
  const most = ctx.limits.sliceExecutions
  const { executions, next } = ctx.state.executionsOfJob(jobId, undefined, undefined, most)
  for (const execution of executions) removeExecution(ctx, job, execution, nowMs)
  if (next !== undefined) {
    ctx.putDue(deleteWork(jobId), nowMs)
    return executions.length
  }
  ctx.state.deleteDue(deleteWork(jobId))
  ctx.state.deleteJob(jobId)
  ctx.registry.dropTags(jobArn)
  emitJobEvent(ctx, job, 'deleted', nowMs)
  return executions.length
}
