/**
 * Events about jobs and executions (jobs J108 to J112).
 */
import { iotArn } from '@muster/model'
import type { Job } from './job.ts'
import type { JobExecution } from './job-execution.ts'
import { epochSeconds, shownDetails } from './messages.ts'
import type { JobsContext } from './ports.ts'

/** Last segment of a job event's topic. */
export type JobEventOperation =
  | 'completed'
  | 'canceled'
  | 'deleted'
  | 'cancellation_in_progress'
  | 'deletion_in_progress'

const JOB_EVENT_STATUS: Readonly<Record<JobEventOperation, string>> = {
  completed: 'COMPLETED',
  canceled: 'CANCELED',
  deleted: 'DELETED',
  cancellation_in_progress: 'CANCELLATION_IN_PROGRESS',
  deletion_in_progress: 'DELETION_IN_PROGRESS',
}

/** Publishes a job event when `JOB` events are on (jobs J109, J110). */
export function emitJobEvent(
  ctx: JobsContext,
  job: Job,
  operation: JobEventOperation,
  nowMs: number,
): void {
  if (!ctx.eventsEnabled('JOB')) return
  const { config, progress } = job
  const { things } = progress
  const payload = {
    eventType: 'JOB',
    eventId: ctx.newId(),
    timestamp: epochSeconds(nowMs),
    operation,
    jobId: config.jobId,
    status: JOB_EVENT_STATUS[operation],
    targetSelection: config.targetSelection,
    targets: config.targets,
    description: config.description,
    ...(operation === 'completed' && {
      completedAt: progress.completedAtMs,
      jobProcessDetails: {
        numberOfCanceledThings: things.CANCELED,
        numberOfRejectedThings: things.REJECTED,
        numberOfFailedThings: things.FAILED,
        numberOfRemovedThings: things.REMOVED,
        numberOfSucceededThings: things.SUCCEEDED,
      },
    }),
    createdAt: config.createdAtMs,
    lastUpdatedAt: progress.lastUpdatedAtMs,
    comment: progress.comment,
  }
  const topic = `$aws/events/job/${config.jobId}/${operation}`
  ctx.publish({ topic, payload: JSON.stringify(payload) })
}

/** Publishes an execution event when `JOB_EXECUTION` events are on (jobs J111). */
export function emitExecutionEvent(
  ctx: JobsContext,
  execution: JobExecution,
  deleted: boolean,
  nowMs: number,
): void {
  if (!ctx.eventsEnabled('JOB_EXECUTION')) return
  const operation = deleted ? 'deleted' : execution.status.toLowerCase()
  const payload = {
    eventType: 'JOB_EXECUTION',
    eventId: ctx.newId(),
    timestamp: epochSeconds(nowMs),
    operation,
    jobId: execution.jobId,
    thingArn: iotArn(ctx.account, 'thing', execution.thingName),
    status: deleted ? 'DELETED' : execution.status,
    statusDetails: shownDetails(execution),
  }
  const topic = `$aws/events/jobExecution/${execution.jobId}/${operation}`
  ctx.publish({ topic, payload: JSON.stringify(payload) })
}
