/**
 * Names of due work: what the store keeps with a time, and the engine does when it has come.
 */
import type { JobExecutionKey } from './job-execution.ts'

/** Create executions (jobs §5). */
export function rolloutWork(jobId: string): string {
  return `rollout/${jobId}`
}
/** Cancel a job's executions (jobs J80). */
export function cancelWork(jobId: string): string {
  return `cancel/${jobId}`
}
/** Delete a job's executions (jobs J82). */
export function deleteWork(jobId: string): string {
  return `delete/${jobId}`
}
/** Scheduled start (jobs J72). */
export function startWork(jobId: string): string {
  return `start/${jobId}`
}
/** Scheduled end (jobs J100). */
export function endWork(jobId: string): string {
  return `end/${jobId}`
}
/** A maintenance window opens or closes (jobs J101). */
export function windowWork(jobId: string): string {
  return `window/${jobId}`
}
/** Show or hide a job's QUEUED executions (jobs J101). */
export function showWork(jobId: string): string {
  return `show/${jobId}`
}
/** Check a job's pending executions against its targets (jobs J77). */
export function checkWork(jobId: string): string {
  return `check/${jobId}`
}
/** A running execution times out (jobs J60). */
export function timeoutWork(key: JobExecutionKey): string {
  return `timeout/${key.jobId}/${key.executionNumber}/${key.thingName}`
}

/** A retry waits for a maintenance window (jobs J101). */
export function retryWork(key: JobExecutionKey): string {
  return `retry/${key.jobId}/${key.executionNumber}/${key.thingName}`
}

/** Due work read back. */
export interface ParsedWork {
  readonly kind: string
  readonly jobId: string
  /** Only of `timeout` and `retry`. */
  readonly execution?: JobExecutionKey
}

/** Reads a name made above; names never hold `/` inside a part. */
export function parseWork(work: string): ParsedWork {
  const [kind = '', jobId = '', number, thingName] = work.split('/')
  if (number === undefined || thingName === undefined) return { kind, jobId }
  return { kind, jobId, execution: { jobId, thingName, executionNumber: Number(number) } }
}
