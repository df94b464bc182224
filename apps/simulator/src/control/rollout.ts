/**
 * The job of a run, as its operator creates and watches it.
 */
import {
  CreateJobCommand,
  DescribeJobCommand,
  type IoTClient,
  type JobProcessDetails,
} from '@aws-sdk/client-iot'
import type { ScenarioJob } from '../scenario/scenario.ts'
import { call } from './control-plane.ts'

/** A job as DescribeJob counts it: things by the status of their latest execution. */
export interface JobProgress {
  readonly jobId: string
  readonly status: string
  readonly queued: number
  readonly inProgress: number
  readonly succeeded: number
  readonly failed: number
  readonly rejected: number
  readonly timedOut: number
  readonly canceled: number
  readonly removed: number
}

/** Creates the job for `targets` (ARNs of groups or things, at most 100). */
export async function createJob(
  client: IoTClient,
  jobId: string,
  targets: readonly string[],
  job: ScenarioJob,
): Promise<void> {
  const { rollout, inProgressTimeoutInMinutes } = job
  const exponential = rollout?.baseRatePerMinute !== undefined
  const { numberOfNotifiedThings, numberOfSucceededThings } = rollout ?? {}
  const byDefault = numberOfNotifiedThings === undefined && numberOfSucceededThings === undefined
  await call(
    'CreateJob',
    client.send(
      new CreateJobCommand({
        jobId,
        targets: [...targets],
        document: JSON.stringify(job.document),
        ...(inProgressTimeoutInMinutes === undefined
          ? {}
          : { timeoutConfig: { inProgressTimeoutInMinutes } }),
        ...(rollout === undefined
          ? {}
          : {
              jobExecutionsRolloutConfig: {
                maximumPerMinute: rollout.maximumPerMinute ?? 1000,
                ...(exponential
                  ? {
                      exponentialRate: {
                        baseRatePerMinute: rollout.baseRatePerMinute,
                        incrementFactor: rollout.incrementFactor ?? 2,
                        rateIncreaseCriteria: {
                          ...(numberOfNotifiedThings === undefined
                            ? {}
                            : { numberOfNotifiedThings }),
                          ...(numberOfSucceededThings === undefined
                            ? {}
                            : { numberOfSucceededThings }),
                          ...(byDefault
                            ? { numberOfNotifiedThings: rollout.baseRatePerMinute }
                            : {}),
                        },
                      },
                    }
                  : {}),
              },
            }),
      }),
    ),
  )
}

/** Where the job stands. */
export async function jobProgress(client: IoTClient, jobId: string): Promise<JobProgress> {
  const { job } = await call('DescribeJob', client.send(new DescribeJobCommand({ jobId })))
  const details: JobProcessDetails = job?.jobProcessDetails ?? {}
  return {
    jobId,
    status: job?.status ?? 'UNKNOWN',
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
