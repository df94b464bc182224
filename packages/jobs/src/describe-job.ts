/**
 * DescribeJob, GetJobDocument and ListJobs (jobs J86 to J89, J102, J104, J106).
 */
import type {
  DescribeJobRequest,
  DescribeJobResponse,
  GetJobDocumentRequest,
  GetJobDocumentResponse,
  Job as SdkJob,
  JobProcessDetails,
  JobSummary,
  ListJobsRequest,
  ListJobsResponse,
} from '@aws-sdk/client-iot'
import { accept, iotArn, nameInArn, present, refuse, type Outcome } from '@muster/model'
import { noSuchJob } from './invalid.ts'
import { isConcurrent, isLive, isWindowed, type Job } from './job.ts'
import { nextWindowStarts } from './maintenance-window.ts'
import { dateOf } from './messages.ts'
import { cutPage, readPage } from './page.ts'
import type { JobsContext } from './ports.ts'
import { formatScheduleTime, parseScheduleTime } from './schedule-time.ts'

/** Window starts shown (jobs J102). */
const SCHEDULED_ROLLOUTS_SHOWN = 7
/** Fails with ResourceNotFoundException for an unknown job. */
export function describeJob(
  ctx: JobsContext,
  input: DescribeJobRequest,
  nowMs: number,
): Outcome<DescribeJobResponse> {
  const job = ctx.state.job(input.jobId ?? '')
  if (job === undefined) return noSuchJob(input.jobId)
  return accept({
    documentSource: job.config.documentSource,
    job: sdkJob(job, input.beforeSubstitution === true, nowMs),
  })
}

/** The document with presigned-URL placeholders as they are (jobs J104). */
export function getJobDocument(
  ctx: JobsContext,
  input: GetJobDocumentRequest,
): Outcome<GetJobDocumentResponse> {
  const job = ctx.state.job(input.jobId ?? '')
  if (job === undefined) return noSuchJob(input.jobId)
  const { document, documentBeforeSubstitution } = job.config
  const before = input.beforeSubstitution === true ? documentBeforeSubstitution : undefined
  return accept({ document: before ?? document })
}

/**
 * Newest first.
 *
 * Fails with InvalidRequestException for a page token, ResourceNotFoundException for
 * an unknown group.
 */
export function listJobs(ctx: JobsContext, input: ListJobsRequest): Outcome<ListJobsResponse> {
  const { status, targetSelection, namespaceId, thingGroupName, thingGroupId } = input
  const group = groupFilter(ctx, thingGroupName, thingGroupId)
  if (!group.ok) return group
  const list = ['jobs', status, targetSelection, namespaceId, group.value].join(' ')
  const page = readPage(list, input.maxResults, input.nextToken)
  if (!page.ok) return page
  const { after } = page.value
  const query = present({ status, targetSelection, namespaceId, targetArn: group.value })
  const start = after && { createdAtMs: Number(after[0]), jobId: String(after[1]) }
  const found = ctx.state.jobs(query, start, page.value.limit + 1)
  const { entries, next } = cutPage(page.value, found, ({ config }) => [
    config.createdAtMs,
    config.jobId,
  ])
  return accept({
    jobs: entries.map((job) => jobSummary(ctx, job)),
    ...next,
  })
}

function groupFilter(
  ctx: JobsContext,
  thingGroupName: string | undefined,
  thingGroupId: string | undefined,
): Outcome<string | undefined> {
  if (thingGroupName === undefined && thingGroupId === undefined) return accept(undefined)
  const byId = thingGroupId === undefined ? undefined : ctx.registry.groupNameOfId(thingGroupId)
  const name = thingGroupName ?? byId
  const contradicts = thingGroupId !== undefined && byId !== name
  if (name === undefined || contradicts || !ctx.registry.groupExists(name)) {
    const which = thingGroupName ?? thingGroupId ?? ''
    return refuse('ResourceNotFoundException', `Thing Group ${which} cannot be found.`)
  }
  return accept(iotArn(ctx.account, 'thinggroup', name))
}

function sdkJob(job: Job, isBeforeSubstitution: boolean, nowMs: number): SdkJob {
  const { config, progress } = job
  const { document: _, documentBeforeSubstitution: __, documentSource: ___, ...shown } = config
  const { createdAtMs, targets, destinationPackageVersions: resolved, ...rest } = shown
  const { destinationsBeforeSubstitution, packageArtifacts: ____, ...members } = rest
  const given = isBeforeSubstitution ? destinationsBeforeSubstitution : undefined
  const versions = given ?? resolved
  return {
    ...(members as Partial<SdkJob>),
    targets: [...targets],
    destinationPackageVersions: versions && [...versions],
    status: progress.status,
    forceCanceled: progress.forceCanceled,
    reasonCode: progress.reasonCode,
    comment: progress.comment,
    // Unset, three configurations are empty and the others absent (jobs J126).
    presignedUrlConfig: config.presignedUrlConfig ?? {},
    timeoutConfig: config.timeoutConfig ?? {},
    schedulingConfig: config.schedulingConfig ?? {},
    createdAt: new Date(createdAtMs),
    lastUpdatedAt: new Date(progress.lastUpdatedAtMs),
    completedAt: dateOf(progress.completedAtMs),
    jobProcessDetails: processDetails(job),
    isConcurrent: isConcurrent(progress),
    scheduledJobRollouts: scheduledRollouts(job, nowMs),
  }
}

/** jobs J87. */
function processDetails(job: Job): JobProcessDetails {
  const { things, rollout } = job.progress
  const rolling = isLive(job) && rollout.phase === 'rolling'
  return {
    processingTargets: rolling ? [...job.config.targets] : undefined,
    numberOfCanceledThings: things.CANCELED,
    numberOfSucceededThings: things.SUCCEEDED,
    numberOfFailedThings: things.FAILED,
    numberOfRejectedThings: things.REJECTED,
    numberOfQueuedThings: things.QUEUED,
    numberOfInProgressThings: things.IN_PROGRESS,
    numberOfRemovedThings: things.REMOVED,
    numberOfTimedOutThings: things.TIMED_OUT,
  }
}

function scheduledRollouts(job: Job, nowMs: number): SdkJob['scheduledJobRollouts'] {
  const { schedulingConfig } = job.config
  if (!isWindowed(job.config) || !isLive(job)) return undefined
  const { startTime, endTime, maintenanceWindows = [] } = schedulingConfig ?? {}
  const startMs = startTime === undefined ? undefined : parseScheduleTime(startTime)
  const endMs = endTime === undefined ? undefined : parseScheduleTime(endTime)
  const afterMs = Math.max(nowMs, (startMs ?? 0) - 1)
  const starts = nextWindowStarts(maintenanceWindows, afterMs, SCHEDULED_ROLLOUTS_SHOWN, endMs)
  return starts.map((atMs) => ({ startTime: formatScheduleTime(atMs) }))
}

function jobSummary(ctx: JobsContext, job: Job): JobSummary {
  const { config, progress } = job
  const group = config.targets
    .map((arn) => nameInArn(ctx.account, 'thinggroup', arn))
    .find((name) => name !== undefined)
  return {
    jobArn: config.jobArn,
    jobId: config.jobId,
    thingGroupId: group === undefined ? undefined : ctx.registry.groupId(group),
    targetSelection: config.targetSelection,
    status: progress.status,
    createdAt: new Date(config.createdAtMs),
    lastUpdatedAt: new Date(progress.lastUpdatedAtMs),
    completedAt: dateOf(progress.completedAtMs),
    isConcurrent: isConcurrent(progress),
  }
}
