/**
 * The four device operations, the same for both transports (jobs J20 to J34).
 */
import { accept, refuse } from '@muster/model'
import { readFields, type RawFields } from './data-plane-fields.ts'
import { refuseInState, type DataPlaneOutcome } from './data-plane-outcome.ts'
import type { Job } from './job.ts'
import { isDeviceSet, isTerminal, type JobExecution } from './job-execution.ts'
import { nextPending, shownPending } from './pending.ts'
import type { JobsContext } from './ports.ts'
import { NEXT } from './topics.ts'
import { endExecution, runExecution } from './transitions.ts'

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

/** jobs J20. */
export function getPending(
  ctx: JobsContext,
  thingName: string,
): DataPlaneOutcome<readonly JobExecution[]> {
  if (!ctx.registry.thingExists(thingName)) return noThing(thingName)
  return accept(shownPending(ctx, thingName, undefined))
}

/** jobs J21 to J23; the value is undefined when nothing is pending. */
export function startNext(
  ctx: JobsContext,
  thingName: string,
  fields: RawFields,
  nowMs: number,
): DataPlaneOutcome<ShownExecution | undefined> {
  const running = readFields(fields, (reader) => ({
    statusDetails: reader.statusDetails(),
    stepTimeoutInMinutes: reader.stepTimeoutInMinutes(false),
  }))
  if (!running.ok) return running
  if (!ctx.registry.thingExists(thingName)) return noThing(thingName)
  const head = nextPending(ctx, thingName, undefined)
  const job = head && ctx.state.job(head.jobId)
  if (head === undefined || job === undefined) return accept(undefined)
  const execution =
    head.status === 'QUEUED' ? runExecution(ctx, job, head, running.value, head, nowMs) : head
  return accept({ execution, job, withDocument: true })
}

/** jobs J24 to J26; the value is undefined when `$next` finds nothing. */
export function describeExecution(
  ctx: JobsContext,
  thingName: string,
  jobId: string,
  namespaceId: string | undefined,
  fields: RawFields,
): DataPlaneOutcome<ShownExecution | undefined> {
  const read = readFields(fields, (reader) => ({
    executionNumber: reader.integer('executionNumber'),
    withDocument: reader.boolean('includeJobDocument', true),
  }))
  if (!read.ok) return read
  const { executionNumber, withDocument } = read.value
  const next = jobId === NEXT
  if (!ctx.registry.thingExists(thingName)) {
    return next ? noThing(thingName) : noExecution(thingName, jobId)
  }
  const execution = next
    ? nextPending(ctx, thingName, namespaceId)
    : visibleExecution(ctx, thingName, jobId, namespaceId, executionNumber)
  const job = execution && ctx.state.job(execution.jobId)
  if (execution === undefined || job === undefined) {
    return next ? accept(undefined) : noExecution(thingName, jobId)
  }
  if (isTerminal(execution.status)) {
    return refuse(
      'TerminalStateReached',
      'Job Execution has reached terminal state. It is neither IN_PROGRESS nor QUEUED',
    )
  }
  return accept({ execution, job, withDocument })
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
  const read = readFields(fields, (reader) => ({
    status: reader.status(),
    statusDetails: reader.statusDetails(),
    stepTimeoutInMinutes: reader.stepTimeoutInMinutes(true),
    expectedVersion: reader.integer('expectedVersion'),
    executionNumber: reader.integer('executionNumber'),
    withState: reader.boolean('includeJobExecutionState', false),
    withDocument: reader.boolean('includeJobDocument', false),
  }))
  if (!read.ok) return read
  const { status, statusDetails, expectedVersion, executionNumber } = read.value
  if (!ctx.registry.thingExists(thingName)) return noExecution(thingName, jobId)
  const before = visibleExecution(ctx, thingName, jobId, namespaceId, executionNumber)
  const job = before && ctx.state.job(jobId)
  if (before === undefined || job === undefined) return noExecution(thingName, jobId)
  if (expectedVersion !== undefined && expectedVersion !== before.versionNumber) {
    return refuseInState(
      'VersionMismatch',
      `Expected version ${expectedVersion} but found version ${before.versionNumber}`,
      before,
    )
  }
  if (isTerminal(before.status)) {
    return refuseInState(
      'InvalidStateTransition',
      `Job ${jobId} for ${thingName} has already finished with status ${before.status}`,
      before,
    )
  }
  if (!isDeviceSet(status)) {
    return refuseInState(
      'InvalidStateTransition',
      `The status of job execution cannot be changed to be ${status}`,
      before,
    )
  }
  const { withState, withDocument } = read.value
  if (status !== 'IN_PROGRESS') {
    const execution = endExecution(ctx, job, before, { status, statusDetails }, nowMs)
    return accept({ execution, job, withDocument, withState })
  }
  const headBefore =
    before.status === 'QUEUED' ? nextPending(ctx, thingName, namespaceId) : undefined
  const execution = runExecution(ctx, job, before, read.value, headBefore, nowMs)
  return accept({ execution, job, withDocument, withState })
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

function noThing(thingName: string): DataPlaneOutcome<never> {
  return refuse('ResourceNotFound', `Thing ${thingName} cannot be found.`)
}

/** Whatever is missing: the thing, the job, or the execution of that number. */
function noExecution(thingName: string, jobId: string): DataPlaneOutcome<never> {
  return refuse('ResourceNotFound', `Job ${jobId} not found for ${thingName}`)
}
