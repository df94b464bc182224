/** The jobs that concern a thing: those that it has executions of, and those that target it. */
import { DescribeJobCommand, ListJobsCommand, type Job, type JobSummary } from '@aws-sdk/client-iot'
import type { AdminPort, IotPort } from './iot-port.ts'
import type { Reading } from './reading.ts'
import type { JobFact, RolloutFact } from './thing-facts.ts'

/** Jobs that are looked at one by one, the newest ones. */
const JOBS_MAX = 40
/** Jobs of one list. */
const LISTED_MAX = 25

/** What makes a job one of the thing's. */
export interface JobSearch {
  /** ARNs of the thing and of its groups. */
  readonly targets: ReadonlySet<string>
  readonly groupNames: readonly string[]
  /** Jobs that it has executions of. */
  readonly jobIds: readonly string[]
  readonly admin?: AdminPort
}

/** @returns newest first */
export async function jobsOf(
  reading: Reading,
  iot: IotPort,
  search: JobSearch,
): Promise<readonly JobFact[]> {
  const { targets, groupNames, jobIds, admin } = search
  const list = async (input: object): Promise<readonly JobSummary[]> => {
    const answer = iot.send(new ListJobsCommand({ maxResults: LISTED_MAX, ...input }))
    return (await reading.orNone('ListJobs', answer))?.jobs ?? []
  }
  const lists = await Promise.all([
    list({ status: 'IN_PROGRESS' }),
    list({ status: 'SCHEDULED' }),
    // What is over may have ended before it came to the thing.
    list({}),
    ...groupNames.map((thingGroupName) => list({ thingGroupName })),
  ])
  const newest = lists.flat().sort((left, right) => createdAtMs(right) - createdAtMs(left))
  const wanted = [...new Set([...jobIds, ...newest.flatMap(({ jobId }) => jobId ?? [])])]
  const found = await Promise.all(
    wanted.slice(0, JOBS_MAX).map(async (jobId) => {
      const answer = iot.send(new DescribeJobCommand({ jobId }))
      return (await reading.orNone('DescribeJob', answer))?.job
    }),
  )
  const concerned = found.filter(
    (job): job is Job =>
      job !== undefined &&
      (jobIds.includes(job.jobId ?? '') || (job.targets ?? []).some((arn) => targets.has(arn))),
  )
  const facts = await Promise.all(concerned.map((job) => factOf(job, admin)))
  return facts.sort((left, right) => right.createdAtMs - left.createdAtMs)
}

async function factOf(job: Job, admin: AdminPort | undefined): Promise<JobFact> {
  const { jobId = '', schedulingConfig, scheduledJobRollouts = [] } = job
  const [next] = scheduledJobRollouts
  const isLive = job.status === 'IN_PROGRESS' || job.status === 'SCHEDULED'
  const progress = isLive ? await admin?.(`jobs/${encodeURIComponent(jobId)}/progress`) : undefined
  return {
    jobId,
    status: job.status ?? '',
    targetSelection: job.targetSelection,
    createdAtMs: createdAtMs(job),
    startsAtMs: timeOf(schedulingConfig?.startTime),
    isWindowed: (schedulingConfig?.maintenanceWindows?.length ?? 0) > 0,
    nextWindowMs: timeOf(next?.startTime),
    reasonCode: job.reasonCode,
    rollout: (progress as { readonly rollout: RolloutFact } | undefined)?.rollout,
  }
}

function createdAtMs({ createdAt }: { readonly createdAt?: Date | undefined }): number {
  return createdAt?.getTime() ?? 0
}

/** Schedules are in UTC, and to the minute: `2026-11-29T14:00`. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const atMs = Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
  return Number.isNaN(atMs) ? undefined : atMs
}
