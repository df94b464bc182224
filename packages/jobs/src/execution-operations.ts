/**
 * Control-plane operations on single executions and lists of them (jobs J84 to J89).
 */
import type {
  CancelJobExecutionRequest,
  DeleteJobExecutionRequest,
  DescribeJobExecutionRequest,
  DescribeJobExecutionResponse,
  JobExecutionSummary,
  ListJobExecutionsForJobRequest,
  ListJobExecutionsForJobResponse,
  ListJobExecutionsForThingRequest,
  ListJobExecutionsForThingResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, present, refuse, type Outcome } from '@muster/model'
import { readFields } from './data-plane-fields.ts'
import { invalidTransition, noSuchExecution, noSuchJob } from './invalid.ts'
import { isTerminal, type JobExecution } from './job-execution.ts'
import { dateOf, secondsBeforeTimedOut, shownDetails } from './messages.ts'
import { cutPage, readPage } from './page.ts'
import type { JobsContext } from './ports.ts'
import { abortOrComplete, endExecution, removeExecution } from './transitions.ts'

const BAD_NUMBER = 'Execution number is invalid.'

/**
 * In any state (jobs J86).
 *
 * Fails with InvalidRequestException for a number below 1, ResourceNotFoundException.
 */
export function describeJobExecution(
  ctx: JobsContext,
  input: DescribeJobExecutionRequest,
  nowMs: number,
): Outcome<DescribeJobExecutionResponse> {
  const { jobId = '', thingName = '', executionNumber } = input
  if (executionNumber !== undefined && executionNumber < 1) return invalidRequest(BAD_NUMBER)
  const execution = findExecution(ctx, jobId, thingName, executionNumber)
  if (execution === undefined) return noSuchExecution(ctx, jobId, thingName)
  return accept({
    execution: {
      jobId,
      status: execution.status,
      // A fact about cancelling: absent where nothing was cancelled (jobs J80, J86).
      forceCanceled: execution.status === 'CANCELED' ? execution.forceCanceled === true : undefined,
      statusDetails: { detailsMap: shownDetails(execution) },
      thingArn: iotArn(ctx.account, 'thing', thingName),
      queuedAt: new Date(execution.queuedAtMs),
      startedAt: dateOf(execution.startedAtMs),
      lastUpdatedAt: new Date(execution.lastUpdatedAtMs),
      executionNumber: execution.executionNumber,
      versionNumber: execution.versionNumber,
      approximateSecondsBeforeTimedOut: secondsBeforeTimedOut(execution, nowMs),
    },
  })
}

/**
 * jobs J84.
 *
 * Fails with ResourceNotFoundException, VersionConflictException for another version,
 * InvalidStateTransitionException for a terminal execution or a running one without force,
 * InvalidRequestException for malformed details.
 */
export function cancelJobExecution(
  ctx: JobsContext,
  input: CancelJobExecutionRequest,
  nowMs: number,
): Outcome<Record<never, never>> {
  const { jobId = '', thingName = '', force = false, expectedVersion } = input
  const details = readFields({ ...input }, (reader) => reader.statusDetails())
  if (!details.ok) return invalidRequest(details.error.message)
  const execution = ctx.state.latestExecution(jobId, thingName)
  const job = execution && ctx.state.job(jobId)
  if (execution === undefined || job === undefined) return noSuchExecution(ctx, jobId, thingName)
  const { status, versionNumber } = execution
  const which = `Job execution for thing ${thingName} within job ${jobId}`
  if (isTerminal(status)) return invalidTransition(`${which} cannot be canceled.`)
  if (expectedVersion !== undefined && expectedVersion !== versionNumber) {
    return refuse(
      'VersionConflictException',
      `Expected version ${expectedVersion} but found version ${versionNumber}`,
    )
  }
  if (status === 'IN_PROGRESS' && !force) {
    return invalidTransition(`${which} in status ${status} cannot be canceled without force flag.`)
  }
  const ending = {
    status: 'CANCELED',
    statusDetails: details.value,
    forceCanceled: force || undefined,
  } as const
  endExecution(ctx, job, execution, ending, nowMs)
  return accept({})
}

/**
 * jobs J85.
 *
 * Fails with InvalidRequestException for a number below 1, ResourceNotFoundException for an unknown execution or another namespace,
 * InvalidStateTransitionException for a running one without force.
 */
export function deleteJobExecution(
  ctx: JobsContext,
  input: DeleteJobExecutionRequest,
  nowMs: number,
): Outcome<Record<never, never>> {
  const { jobId = '', thingName = '', executionNumber = 0, force = false, namespaceId } = input
  if (executionNumber < 1) return invalidRequest(BAD_NUMBER)
  const execution = findExecution(ctx, jobId, thingName, executionNumber)
  const job = execution && ctx.state.job(jobId)
  if (execution === undefined || job === undefined) return noSuchExecution(ctx, jobId, thingName)
  if (namespaceId !== undefined && namespaceId !== execution.namespaceId) {
    return noSuchExecution(ctx, jobId, thingName)
  }
  if (execution.status === 'IN_PROGRESS' && !force) {
    return invalidTransition(
      `Job execution for thing ${thingName} within job ${jobId} in status IN_PROGRESS ` +
        'cannot be deleted without force flag.',
    )
  }
  removeExecution(ctx, job, execution, nowMs)
  abortOrComplete(ctx, job, nowMs)
  return accept({})
}

/** Fails with ResourceNotFoundException or, for filter and page, InvalidRequestException. */
export function listJobExecutionsForJob(
  ctx: JobsContext,
  input: ListJobExecutionsForJobRequest,
): Outcome<ListJobExecutionsForJobResponse> {
  const { jobId = '', status } = input
  const list = ['executionsForJob', jobId, status].join(' ')
  const page = readPage(list, input.maxResults, input.nextToken)
  if (!page.ok) return page
  if (ctx.state.job(jobId) === undefined) return noSuchJob(jobId)
  const { limit, after } = page.value
  const start = after && {
    thingName: String(after[0]),
    executionNumber: Number(after[1]),
  }
  const statuses = status && [status]
  const found = ctx.state.executionsOfJob(jobId, statuses, start, limit + 1)
  const { entries, next } = cutPage(page.value, found.executions, (last) => [
    last.thingName,
    last.executionNumber,
  ])
  return accept({
    executionSummaries: entries.map((execution) => ({
      thingArn: iotArn(ctx.account, 'thing', execution.thingName),
      jobExecutionSummary: summary(execution),
    })),
    ...next,
  })
}

/** Newest first; fails as {@link listJobExecutionsForJob}. */
export function listJobExecutionsForThing(
  ctx: JobsContext,
  input: ListJobExecutionsForThingRequest,
): Outcome<ListJobExecutionsForThingResponse> {
  const { thingName = '', status, jobId, namespaceId } = input
  const list = ['executionsForThing', thingName, status, jobId, namespaceId].join(' ')
  const page = readPage(list, input.maxResults, input.nextToken)
  if (!page.ok) return page
  if (!ctx.registry.thingExists(thingName)) {
    return refuse('ResourceNotFoundException', `Thing ${thingName} cannot be found.`)
  }
  const { limit, after } = page.value
  const query = present({ status, jobId, namespaceId })
  const start = after && Number(after[0])
  const found = ctx.state.executionsOfThing(thingName, query, start, limit + 1)
  const { entries, next } = cutPage(page.value, found, (last) => [last.order])
  return accept({
    executionSummaries: entries.map((execution) => ({
      jobId: execution.jobId,
      jobExecutionSummary: summary(execution),
    })),
    ...next,
  })
}

/** jobs J88. */
function summary(execution: JobExecution): JobExecutionSummary {
  return {
    status: execution.status,
    queuedAt: new Date(execution.queuedAtMs),
    startedAt: dateOf(execution.startedAtMs),
    lastUpdatedAt: new Date(execution.lastUpdatedAtMs),
    executionNumber: execution.executionNumber,
    retryAttempt: execution.retryAttempt,
  }
}

function findExecution(
  ctx: JobsContext,
  jobId: string,
  thingName: string,
  executionNumber: number | undefined,
): JobExecution | undefined {
  return executionNumber === undefined
    ? ctx.state.latestExecution(jobId, thingName)
    : ctx.state.execution({ jobId, thingName, executionNumber })
}
