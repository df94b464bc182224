/**
 * The job of a run, as its operator creates and watches it.
 */
import {
  CancelJobCommand,
  CreateJobCommand,
  DescribeJobCommand,
  type CreateJobRequest,
  type IoTClient,
  type JobProcessDetails,
} from '@aws-sdk/client-iot'
import { present } from '@muster/model'
import type { ScenarioJob } from '../scenario/scenario.ts'
import { call, isRefusal } from '@muster/fleet/control'

/** A job as DescribeJob counts it: things by the status of their latest execution. */
export interface JobProgress {
  readonly jobId: string
  readonly status: string
  /** Why the service or an operator ended it: `ABORT_THRESHOLD_REACHED`. */
  readonly reasonCode?: string
  readonly comment?: string
  readonly queued: number
  readonly inProgress: number
  readonly succeeded: number
  readonly failed: number
  readonly rejected: number
  readonly timedOut: number
  readonly canceled: number
  readonly removed: number
}

/**
 * Creates the job.
 *
 * @param targets - ARNs of groups or things, at most 100
 * @param serverNowMs - the server's clock, for start and end times
 * @param destinationPackageVersions - ARNs of what it installs
 */
export async function createJob(
  client: IoTClient,
  jobId: string,
  targets: readonly string[],
  job: ScenarioJob,
  serverNowMs: number,
  destinationPackageVersions?: readonly string[],
): Promise<void> {
  const { abort, retry, inProgressTimeoutInMinutes, package: rollout, reportedVersion } = job
  const isByVersion = (rollout ?? reportedVersion) !== undefined
  const { targetSelection = isByVersion ? 'CONTINUOUS' : undefined } = job
  const input: CreateJobRequest = {
    jobId,
    targets: [...targets],
    document: JSON.stringify(job.document ?? {}),
    ...(targetSelection === undefined ? {} : { targetSelection }),
    ...(destinationPackageVersions === undefined
      ? {}
      : { destinationPackageVersions: [...destinationPackageVersions] }),
    ...rolloutConfig(job.rollout),
    ...(abort === undefined
      ? {}
      : {
          abortConfig: { criteriaList: abort.map((it) => ({ ...it, action: 'CANCEL' as const })) },
        }),
    ...(retry === undefined
      ? {}
      : { jobExecutionsRetryConfig: { criteriaList: retry.map((it) => ({ ...it })) } }),
    ...(inProgressTimeoutInMinutes === undefined
      ? {}
      : { timeoutConfig: { inProgressTimeoutInMinutes } }),
    ...schedulingConfig(job, serverNowMs),
  }
  try {
    await call('CreateJob', client.send(new CreateJobCommand(input)))
  } catch (cause) {
    // The answer to an attempt that took may be what an outage swallowed.
    if (!isRefusal(cause, 'ResourceAlreadyExistsException') || !wasRetried(cause)) throw cause
  }
}

function wasRetried(cause: unknown): boolean {
  const { $metadata } = (cause as { cause: { $metadata?: { attempts?: number } } }).cause
  return ($metadata?.attempts ?? 1) > 1
}

/** Where the job stands. */
export async function jobProgress(client: IoTClient, jobId: string): Promise<JobProgress> {
  const { job } = await call('DescribeJob', client.send(new DescribeJobCommand({ jobId })))
  const details: JobProcessDetails = job?.jobProcessDetails ?? {}
  return {
    jobId,
    status: job?.status ?? 'UNKNOWN',
    ...present({ reasonCode: job?.reasonCode, comment: job?.comment }),
    queued: details.numberOfQueuedThings ?? 0,
    inProgress: details.numberOfInProgressThings ?? 0,
    succeeded: details.numberOfSucceededThings ?? 0,
    failed: details.numberOfFailedThings ?? 0,
    rejected: details.numberOfRejectedThings ?? 0,
    timedOut: details.numberOfTimedOutThings ?? 0,
    canceled: details.numberOfCanceledThings ?? 0,
    removed: details.numberOfRemovedThings ?? 0,
  }
}

/** Cancels the job; `force` takes executions in progress with it. */
export async function cancelJob(client: IoTClient, jobId: string, force: boolean): Promise<void> {
  await call('CancelJob', client.send(new CancelJobCommand({ jobId, force })))
}

/** Where a job stands, in a few words. */
export function jobState(progress: JobProgress): string {
  const { status, queued, inProgress } = progress
  return `${status}, ${queued} queued, ${inProgress} in progress, ${executed(progress)} ended`
}

/** How many executions have ended, one way or the other. */
export function executed(progress: JobProgress): number {
  const { succeeded, failed, rejected, timedOut, canceled, removed } = progress
  return succeeded + failed + rejected + timedOut + canceled + removed
}

/** The rollout of a scenario as CreateJob takes it. */
export function rolloutConfig(
  rollout: ScenarioJob['rollout'],
): Pick<CreateJobRequest, 'jobExecutionsRolloutConfig'> {
  if (rollout === undefined) return {}
  const { maximumPerMinute = 1000, baseRatePerMinute, incrementFactor = 2 } = rollout
  if (baseRatePerMinute === undefined) return { jobExecutionsRolloutConfig: { maximumPerMinute } }
  const { numberOfNotifiedThings, numberOfSucceededThings } = rollout
  const criteria = {
    ...(numberOfNotifiedThings === undefined ? {} : { numberOfNotifiedThings }),
    ...(numberOfSucceededThings === undefined ? {} : { numberOfSucceededThings }),
  }
  const rateIncreaseCriteria =
    Object.keys(criteria).length === 0 ? { numberOfNotifiedThings: baseRatePerMinute } : criteria
  return {
    jobExecutionsRolloutConfig: {
      maximumPerMinute,
      exponentialRate: { baseRatePerMinute, incrementFactor, rateIncreaseCriteria },
    },
  }
}

function schedulingConfig(
  job: ScenarioJob,
  serverNowMs: number,
): Pick<CreateJobRequest, 'schedulingConfig'> {
  const { maintenanceWindows, startInMinutes, endInMinutes } = job
  const minuteFrom = (minutes: number): string =>
    new Date(serverNowMs + minutes * 60_000).toISOString().slice(0, 16)
  const config = {
    ...(startInMinutes === undefined ? {} : { startTime: minuteFrom(startInMinutes) }),
    ...(endInMinutes === undefined
      ? {}
      : { endTime: minuteFrom(endInMinutes), endBehavior: 'STOP_ROLLOUT' as const }),
    ...(maintenanceWindows === undefined
      ? {}
      : { maintenanceWindows: maintenanceWindows.map((window) => ({ ...window })) }),
  }
  return Object.keys(config).length === 0 ? {} : { schedulingConfig: config }
}
