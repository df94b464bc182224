/**
 * Executions as rows and back.
 */
import type { JobExecution } from '@muster/jobs'
import { keptJson } from '@muster/model'
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

const FORCE_CANCELED = 1
const HIDDEN = 2
const UNCOVERED = 4
const WINDOWED = 8

/** Columns in the order of {@link executionValues} and {@link readExecution}. */
export const EXECUTION_COLUMNS: string =
  'creation, job_id, thing_name, number, namespace_id, status, queued_ms, started_ms, ' +
  'updated_ms, version, details, in_progress_until_ms, step_until_ms, retry_attempt, ' +
  'flags'

/** The values of a row. */
export function executionValues(execution: JobExecution): SQLInputValue[] {
  const { statusDetails } = execution
  return [
    execution.order,
    execution.jobId,
    execution.thingName,
    execution.executionNumber,
    execution.namespaceId ?? '',
    execution.status,
    execution.queuedAtMs,
    execution.startedAtMs ?? null,
    execution.lastUpdatedAtMs,
    execution.versionNumber,
    statusDetails === undefined ? null : JSON.stringify(statusDetails),
    execution.inProgressUntilMs ?? null,
    execution.stepUntilMs ?? null,
    execution.retryAttempt,
    flagsOf(execution),
  ]
}

/** The values that a change of an execution writes, its `creation` last. */
export function changedValues(execution: JobExecution): SQLInputValue[] {
  const { statusDetails } = execution
  return [
    execution.status,
    execution.startedAtMs ?? null,
    execution.lastUpdatedAtMs,
    execution.versionNumber,
    statusDetails === undefined ? null : JSON.stringify(statusDetails),
    execution.inProgressUntilMs ?? null,
    execution.stepUntilMs ?? null,
    flagsOf(execution),
    execution.order,
  ]
}

/** Assignments in the order of {@link changedValues}. */
export const CHANGED_ASSIGNMENTS: string =
  'status = ?, started_ms = ?, updated_ms = ?, version = ?, details = ?, ' +
  'in_progress_until_ms = ?, step_until_ms = ?, flags = ?'

/** An execution from the values of a row. */
export function readExecution(row: readonly SQLOutputValue[]): JobExecution {
  const [
    order,
    jobId,
    thingName,
    executionNumber,
    namespaceId,
    status,
    queuedAtMs,
    startedAtMs,
    lastUpdatedAtMs,
    versionNumber,
    details,
    inProgressUntilMs,
    stepUntilMs,
    retryAttempt,
    flags,
  ] = row
  const execution: Mutable<JobExecution> = {
    order: order as number,
    jobId: jobId as string,
    thingName: thingName as string,
    executionNumber: executionNumber as number,
    status: status as JobExecution['status'],
    queuedAtMs: queuedAtMs as number,
    lastUpdatedAtMs: lastUpdatedAtMs as number,
    versionNumber: versionNumber as number,
    retryAttempt: retryAttempt as number,
  }
  if (namespaceId !== '') execution.namespaceId = namespaceId as string
  if (startedAtMs !== null) execution.startedAtMs = startedAtMs as number
  if (details !== null) {
    const what = `execution ${execution.executionNumber} of job ${execution.jobId} on`
    execution.statusDetails = keptJson(details as string, `${what} ${execution.thingName}`)
  }
  if (inProgressUntilMs !== null) execution.inProgressUntilMs = inProgressUntilMs as number
  if (stepUntilMs !== null) execution.stepUntilMs = stepUntilMs as number
  const bits = flags as number
  if (bits !== 0) {
    if ((bits & FORCE_CANCELED) !== 0) execution.forceCanceled = true
    if ((bits & HIDDEN) !== 0) execution.hidden = true
    if ((bits & WINDOWED) !== 0) execution.windowed = true
    if ((bits & UNCOVERED) !== 0) execution.uncovered = true
  }
  return execution
}

function flagsOf(execution: JobExecution): number {
  return (
    (execution.forceCanceled === true ? FORCE_CANCELED : 0) |
    (execution.hidden === true ? HIDDEN : 0) |
    (execution.windowed === true ? WINDOWED : 0) |
    (execution.uncovered === true ? UNCOVERED : 0)
  )
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
