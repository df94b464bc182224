/**
 * Whether a failed execution is tried again (jobs J62 to J64).
 */
import { isWindowed, type Job } from './job.ts'
import type { JobExecution, JobExecutionStatus } from './job-execution.ts'
import type { JobsContext } from './ports.ts'

/** Most retries of a job on one thing (jobs J63). */
const RETRIES_MAX = 10

/**
 * Whether an execution that just ended matches a criterion with attempts left, in a job that still
 * gives work. A job between two maintenance windows retries in the next one.
 */
export function mayRetry(ctx: JobsContext, job: Job, ended: JobExecution): boolean {
  if (ended.status !== 'FAILED' && ended.status !== 'TIMED_OUT') return false
  // Leaving the job's targets cancels the retries that are left (jobs J63).
  if (ended.uncovered === true) return false
  const { config, progress } = job
  const gives =
    progress.status === 'IN_PROGRESS' || (progress.status === 'SCHEDULED' && isWindowed(config))
  if (!gives || progress.ended === true || ended.retryAttempt >= RETRIES_MAX) return false
  return (config.jobExecutionsRetryConfig?.criteriaList ?? []).some(
    ({ failureType, numberOfRetries = 0 }) =>
      matches(failureType, ended.status) &&
      (ended.retryAttempt < numberOfRetries ||
        retriesUsed(ctx, ended, failureType) < numberOfRetries),
  )
}

function matches(failureType: string | undefined, status: JobExecutionStatus): boolean {
  return failureType === 'ALL'
    ? status === 'FAILED' || status === 'TIMED_OUT'
    : status === failureType
}

/** Earlier attempts of this run of retries that the criterion already answered for. */
function retriesUsed(
  ctx: JobsContext,
  ended: JobExecution,
  failureType: string | undefined,
): number {
  let used = 0
  for (let step = 1; step <= ended.retryAttempt; step += 1) {
    const executionNumber = ended.executionNumber - step
    const { jobId, thingName } = ended
    const earlier = ctx.state.execution({ jobId, thingName, executionNumber })
    if (earlier === undefined || matches(failureType, earlier.status)) used += 1
  }
  return used
}
