/**
 * The data plane over HTTPS: the same rules, SDK shapes, HTTP exceptions (jobs §2).
 */
import type {
  DescribeJobExecutionRequest,
  DescribeJobExecutionResponse,
  GetPendingJobExecutionsRequest,
  GetPendingJobExecutionsResponse,
  JobExecution as SdkJobExecution,
  JobExecutionSummary,
  StartNextPendingJobExecutionRequest,
  StartNextPendingJobExecutionResponse,
  UpdateJobExecutionRequest,
  UpdateJobExecutionResponse,
} from '@aws-sdk/client-iot-jobs-data-plane'
import { accept, refuse, type ExceptionName, type Outcome, type Refused } from '@muster/model'
import {
  describeExecution,
  getPending,
  startNext,
  updateExecution,
  type ShownExecution,
} from './data-plane.ts'
import type { RawFields } from './data-plane-fields.ts'
import type { DataPlaneCode } from './data-plane-outcome.ts'
import { deliveredDocument } from './document.ts'
import type { JobExecution } from './job-execution.ts'
import { epochSeconds, executionState, secondsBeforeTimedOut } from './messages.ts'
import type { JobsContext } from './ports.ts'

/** jobs J49, J51: a stale version has no exception of its own. */
const EXCEPTIONS: Readonly<Record<DataPlaneCode, ExceptionName>> = {
  InvalidTopic: 'InvalidRequestException',
  InvalidJson: 'InvalidRequestException',
  InvalidRequest: 'InvalidRequestException',
  InvalidStateTransition: 'InvalidStateTransitionException',
  VersionMismatch: 'InvalidStateTransitionException',
  RequestThrottled: 'ThrottlingException',
  ResourceNotFound: 'ResourceNotFoundException',
  TerminalStateReached: 'TerminalStateException',
}

/** jobs J20. */
export function getPendingHttps(
  ctx: JobsContext,
  input: GetPendingJobExecutionsRequest,
): Outcome<GetPendingJobExecutionsResponse> {
  const outcome = getPending(ctx, input.thingName ?? '')
  if (!outcome.ok) return inExceptions(outcome)
  const running = outcome.value.filter((execution) => execution.status === 'IN_PROGRESS')
  const queued = outcome.value.filter((execution) => execution.status === 'QUEUED')
  return accept({ inProgressJobs: running.map(summary), queuedJobs: queued.map(summary) })
}

/** jobs J21 to J23. */
export function startNextHttps(
  ctx: JobsContext,
  input: StartNextPendingJobExecutionRequest,
  nowMs: number,
): Outcome<StartNextPendingJobExecutionResponse> {
  const outcome = startNext(ctx, input.thingName ?? '', fieldsOf(input), nowMs)
  return outcome.ok ? accept(shown(ctx, outcome.value, nowMs)) : inExceptions(outcome)
}

/** jobs J24 to J26, J50. */
export function describeHttps(
  ctx: JobsContext,
  input: DescribeJobExecutionRequest,
  nowMs: number,
): Outcome<DescribeJobExecutionResponse> {
  const { thingName = '', jobId = '' } = input
  const outcome = describeExecution(ctx, thingName, jobId, undefined, fieldsOf(input))
  return outcome.ok ? accept(shown(ctx, outcome.value, nowMs)) : inExceptions(outcome)
}

/** jobs J27 to J34, J51. */
export function updateHttps(
  ctx: JobsContext,
  input: UpdateJobExecutionRequest,
  nowMs: number,
): Outcome<UpdateJobExecutionResponse> {
  const { thingName = '', jobId = '' } = input
  const outcome = updateExecution(ctx, thingName, jobId, undefined, fieldsOf(input), nowMs)
  if (!outcome.ok) return inExceptions(outcome)
  const { execution, job, withDocument, withState } = outcome.value
  return accept({
    executionState: withState ? executionState(execution) : undefined,
    jobDocument: withDocument ? deliveredDocument(ctx, job.config, execution, nowMs) : undefined,
  })
}

function fieldsOf(input: object): RawFields {
  return input as RawFields
}

function inExceptions({ error }: Refused<DataPlaneCode>): Refused {
  return refuse(EXCEPTIONS[error.code], error.message, error.members)
}

function summary(execution: JobExecution): JobExecutionSummary {
  return {
    jobId: execution.jobId,
    queuedAt: epochSeconds(execution.queuedAtMs),
    startedAt: execution.startedAtMs && epochSeconds(execution.startedAtMs),
    lastUpdatedAt: epochSeconds(execution.lastUpdatedAtMs),
    versionNumber: execution.versionNumber,
    executionNumber: execution.executionNumber,
  }
}

function shown(
  ctx: JobsContext,
  found: ShownExecution | undefined,
  nowMs: number,
): { execution?: SdkJobExecution } {
  if (found === undefined) return {}
  const { execution, job, withDocument } = found
  return {
    execution: {
      ...summary(execution),
      thingName: execution.thingName,
      ...executionState(execution),
      approximateSecondsBeforeTimedOut: secondsBeforeTimedOut(execution, nowMs),
      jobDocument: withDocument ? deliveredDocument(ctx, job.config, execution, nowMs) : undefined,
    },
  }
}
