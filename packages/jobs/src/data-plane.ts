/**
 * The four device operations, the same for both transports (jobs J20 to J34).
 */
import {
  booleanField,
  integerField,
  InvalidField,
  statusDetailsField,
  statusField,
  stepTimeoutField,
  type RawFields,
} from './data-plane-fields.ts'
import type { Job } from './job.ts'
import { isTerminal, type JobExecution } from './job-execution.ts'
import { nextPending, shownPending } from './pending.ts'
import type { JobsContext } from './ports.ts'
import { NEXT } from './topics.ts'
import { endExecution, runExecution } from './transitions.ts'

/** Codes of MQTT rejections that these rules give (jobs J35). */
export type DataPlaneCode =
  | 'InvalidTopic'
  | 'InvalidJson'
  | 'InvalidRequest'
  | 'InvalidStateTransition'
  | 'ResourceNotFound'
  | 'VersionMismatch'
  | 'RequestThrottled'
  | 'TerminalStateReached'

/** A refused device request. */
export interface DataPlaneRefusal {
  readonly ok: false
  readonly code: DataPlaneCode
  readonly message: string
  /** Shown as `executionState` (jobs J31, J32). */
  readonly execution?: JobExecution
}

/** What a device request answers. */
export type DataPlaneOutcome<T> = { readonly ok: true; readonly value: T } | DataPlaneRefusal

/** An execution with its job; `withDocument` as the request asked. */
export interface ShownExecution {
  readonly execution: JobExecution
  readonly job: Job
  readonly withDocument: boolean
}

/** A done update and what its reply shall show. */
export interface UpdateResult extends ShownExecution {
  readonly withState: boolean
}

/** Refuses in the words of the data plane. */
export function reject(
  code: DataPlaneCode,
  message: string,
  execution?: JobExecution,
): DataPlaneRefusal {
  return { ok: false, code, message, ...(execution !== undefined && { execution }) }
}

/** jobs J20. */
export function getPending(
  ctx: JobsContext,
  thingName: string,
): DataPlaneOutcome<readonly JobExecution[]> {
  if (!ctx.registry.thingExists(thingName)) return noThing(thingName)
  return { ok: true, value: shownPending(ctx, thingName, undefined) }
}

/** jobs J21 to J23; the value is undefined when nothing is pending. */
export function startNext(
  ctx: JobsContext,
  thingName: string,
  fields: RawFields,
  nowMs: number,
): DataPlaneOutcome<ShownExecution | undefined> {
  const statusDetails = statusDetailsField(fields['statusDetails'])
  if (statusDetails instanceof InvalidField) return badField(statusDetails)
  const stepTimeoutInMinutes = stepTimeoutField(fields['stepTimeoutInMinutes'], false)
  if (stepTimeoutInMinutes instanceof InvalidField) return badField(stepTimeoutInMinutes)
  if (!ctx.registry.thingExists(thingName)) return noThing(thingName)
  const head = nextPending(ctx, thingName, undefined)
  const job = head && ctx.state.job(head.jobId)
  if (head === undefined || job === undefined) return { ok: true, value: undefined }
  const running = { statusDetails, stepTimeoutInMinutes }
  const execution =
    head.status === 'QUEUED' ? runExecution(ctx, job, head, running, head, nowMs) : head
  return { ok: true, value: { execution, job, withDocument: true } }
}

/** jobs J24 to J26; the value is undefined when `$next` finds nothing. */
export function describeExecution(
  ctx: JobsContext,
  thingName: string,
  jobId: string,
  namespaceId: string | undefined,
  fields: RawFields,
): DataPlaneOutcome<ShownExecution | undefined> {
  const executionNumber = integerField('executionNumber', fields['executionNumber'])
  if (executionNumber instanceof InvalidField) return badField(executionNumber)
  const withDocument = booleanField('includeJobDocument', fields['includeJobDocument'], true)
  if (withDocument instanceof InvalidField) return badField(withDocument)
  if (!ctx.registry.thingExists(thingName)) return noThing(thingName)
  const next = jobId === NEXT
  const execution = next
    ? nextPending(ctx, thingName, namespaceId)
    : visibleExecution(ctx, thingName, jobId, namespaceId, executionNumber)
  const job = execution && ctx.state.job(execution.jobId)
  if (execution === undefined || job === undefined) {
    return next ? { ok: true, value: undefined } : noExecution(thingName, jobId, executionNumber)
  }
  if (isTerminal(execution.status)) {
    return reject(
      'TerminalStateReached',
      'Job Execution has reached terminal state. It is neither IN_PROGRESS nor QUEUED',
    )
  }
  return { ok: true, value: { execution, job, withDocument } }
}

/** jobs J27 to J34. */
export function updateExecution(
  ctx: JobsContext,
  thingName: string,
  jobId: string,
  namespaceId: string | undefined,
  fields: RawFields,
  nowMs: number,
): DataPlaneOutcome<UpdateResult> {
  const status = statusField(fields['status'])
  if (status instanceof InvalidField) return badField(status)
  const statusDetails = statusDetailsField(fields['statusDetails'])
  if (statusDetails instanceof InvalidField) return badField(statusDetails)
  const stepTimeoutInMinutes = stepTimeoutField(fields['stepTimeoutInMinutes'], true)
  if (stepTimeoutInMinutes instanceof InvalidField) return badField(stepTimeoutInMinutes)
  const expectedVersion = integerField('expectedVersion', fields['expectedVersion'])
  if (expectedVersion instanceof InvalidField) return badField(expectedVersion)
  const executionNumber = integerField('executionNumber', fields['executionNumber'])
  if (executionNumber instanceof InvalidField) return badField(executionNumber)
  const withState = booleanField(
    'includeJobExecutionState',
    fields['includeJobExecutionState'],
    false,
  )
  if (withState instanceof InvalidField) return badField(withState)
  const withDocument = booleanField('includeJobDocument', fields['includeJobDocument'], false)
  if (withDocument instanceof InvalidField) return badField(withDocument)

  if (!ctx.registry.thingExists(thingName)) return noThing(thingName)
  const before = visibleExecution(ctx, thingName, jobId, namespaceId, executionNumber)
  const job = before && ctx.state.job(jobId)
  if (before === undefined || job === undefined) {
    return noExecution(thingName, jobId, executionNumber)
  }
  if (expectedVersion !== undefined && expectedVersion !== before.versionNumber) {
    return reject(
      'VersionMismatch',
      `expected version ${expectedVersion} but the execution has version ${before.versionNumber}`,
      before,
    )
  }
  if (isTerminal(before.status)) {
    return reject(
      'InvalidStateTransition',
      `the execution is ${before.status} and cannot become ${status}`,
      before,
    )
  }
  let execution: JobExecution
  if (status === 'IN_PROGRESS') {
    const headBefore =
      before.status === 'QUEUED' ? nextPending(ctx, thingName, namespaceId) : undefined
    const running = { statusDetails, stepTimeoutInMinutes }
    execution = runExecution(ctx, job, before, running, headBefore, nowMs)
  } else {
    execution = endExecution(ctx, job, before, { status, statusDetails }, nowMs)
  }
  return { ok: true, value: { execution, job, withDocument, withState } }
}

/** Outside a maintenance window a QUEUED execution does not exist for its device (jobs J101). */
function visibleExecution(
  ctx: JobsContext,
  thingName: string,
  jobId: string,
  namespaceId: string | undefined,
  executionNumber: number | undefined,
): JobExecution | undefined {
  const execution =
    executionNumber === undefined
      ? ctx.state.latestExecution(jobId, thingName)
      : ctx.state.execution({ jobId, thingName, executionNumber })
  if (execution === undefined || execution.namespaceId !== namespaceId) return undefined
  return execution.status === 'QUEUED' && execution.hidden === true ? undefined : execution
}

function badField(field: InvalidField): DataPlaneRefusal {
  return reject('InvalidRequest', field.message)
}

function noThing(thingName: string): DataPlaneRefusal {
  return reject('ResourceNotFound', `thing \`${thingName}\` does not exist`)
}

function noExecution(
  thingName: string,
  jobId: string,
  executionNumber: number | undefined,
): DataPlaneRefusal {
  const which = executionNumber === undefined ? '' : ` number ${executionNumber}`
  return reject(
    'ResourceNotFound',
    `job \`${jobId}\` has no execution${which} on thing \`${thingName}\``,
  )
}
