/**
 * Payloads of the data plane as JSON text (jobs J14 to J18, J38, J40).
 *
 * Text, because a job's document is embedded as it stands instead of being parsed and written
 * again for every message. Identifiers need no escaping: their alphabet is checked at creation.
 */
import type { JobExecutionState } from '@aws-sdk/client-iot-jobs-data-plane'
import { present } from '@muster/model'
import { timeoutAtMs, type JobExecution } from './job-execution.ts'

/** Whole epoch seconds (jobs J14). */
export function epochSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}

/** A time as the SDK has it; an unset one stays so. */
export function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms)
}

/** Seconds until a running execution times out, or undefined when no timer runs (jobs J16). */
export function secondsBeforeTimedOut(execution: JobExecution, nowMs: number): number | undefined {
  const atMs = timeoutAtMs(execution)
  return atMs === undefined ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000))
}

/** The details, or undefined when there are none: only non-empty maps are shown (jobs J16, J18). */
export function shownDetails(execution: JobExecution): Record<string, string> | undefined {
  const { statusDetails } = execution
  if (statusDetails === undefined) return undefined
  for (const _ in statusDetails) return { ...statusDetails }
  return undefined
}

/** A list of JobExecutionSummary (jobs J15). */
export function summaries(executions: readonly JobExecution[]): string {
  return `[${executions.map((execution) => `{${summaryMembers(execution)}}`).join(',')}]`
}

function summaryMembers(execution: JobExecution): string {
  return (
    `"jobId":"${execution.jobId}",${times(execution)},` +
    `"executionNumber":${execution.executionNumber},"versionNumber":${execution.versionNumber}`
  )
}

function times({ queuedAtMs, startedAtMs, lastUpdatedAtMs }: JobExecution): string {
  const started = startedAtMs === undefined ? '' : `"startedAt":${epochSeconds(startedAtMs)},`
  const updated = `"lastUpdatedAt":${epochSeconds(lastUpdatedAtMs)}`
  return `"queuedAt":${epochSeconds(queuedAtMs)},${started}${updated}`
}

/**
 * JobExecution as MQTT carries it: no `thingName` (jobs J16), the document embedded (J17), members
 * in AWS's order.
 *
 * @param document - JSON text, or undefined when suppressed
 */
export function executionObject(
  execution: JobExecution,
  document: string | undefined,
  nowMs: number,
): string {
  let text = `{"jobId":"${execution.jobId}","status":"${execution.status}"`
  const details = shownDetails(execution)
  if (details !== undefined) text += `,"statusDetails":${escapedJson(details)}`
  text += `,${times(execution)}`
  text += `,"versionNumber":${execution.versionNumber}`
  text += `,"executionNumber":${execution.executionNumber}`
  const seconds = secondsBeforeTimedOut(execution, nowMs)
  if (seconds !== undefined) text += `,"approximateSecondsBeforeTimedOut":${seconds}`
  if (document !== undefined) text += `,"jobDocument":${document}`
  return `${text}}`
}

/** JobExecutionState (jobs J18). */
export function executionState(execution: JobExecution): JobExecutionState {
  return present({
    status: execution.status,
    statusDetails: shownDetails(execution),
    versionNumber: execution.versionNumber,
  })
}

/** JSON whose characters beyond the basic plane are escaped, as AWS writes details and updates. */
export function escapedJson(value: unknown): string {
  return escapedBeyondBasic(JSON.stringify(value))
}

/** The same of text that is JSON already. */
export function escapedBeyondBasic(json: string): string {
  return json.replace(/[\ud800-\udfff]/g, (half) => {
    return `\\u${half.charCodeAt(0).toString(16).toUpperCase()}`
  })
}

/** Payload of `notify` (jobs J38): lists by status, empty ones left out. */
export function notifyPayload(pending: readonly JobExecution[], nowMs: number): string {
  const running = pending.filter((execution) => execution.status === 'IN_PROGRESS')
  const queued = pending.filter((execution) => execution.status === 'QUEUED')
  const lists: string[] = []
  if (running.length > 0) lists.push(`"IN_PROGRESS":${summaries(running)}`)
  if (queued.length > 0) lists.push(`"QUEUED":${summaries(queued)}`)
  return `{"timestamp":${epochSeconds(nowMs)},"jobs":{${lists.join(',')}}}`
}

/**
 * Payload of `notify-next` (jobs J40).
 *
 * @param execution - JSON text of the new head, or undefined when nothing is pending
 */
export function notifyNextPayload(execution: string | undefined, nowMs: number): string {
  const shown = execution === undefined ? '' : `,"execution":${execution}`
  return `{"timestamp":${epochSeconds(nowMs)}${shown}}`
}

/** Payload of a reply: `members` are JSON members without braces, possibly none. */
export function replyPayload(
  members: string,
  clientToken: string | undefined,
  nowMs: number,
): string {
  const token = clientToken === undefined ? '' : `"clientToken":${JSON.stringify(clientToken)},`
  const rest = members === '' ? '' : `,${members}`
  return `{${token}"timestamp":${epochSeconds(nowMs)}${rest}}`
}
