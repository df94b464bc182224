/** Reads about jobs. A job that is still moving is read again by itself; events only hasten it. */
import {
  DescribeJobCommand,
  GetJobDocumentCommand,
  ListJobsCommand,
  ListTagsForResourceCommand,
  type Job,
  type JobSummary,
  type Tag,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useAdmin } from '../admin/admin-context.tsx'
import { AdminError } from '../admin/admin-client.ts'
import { useServerClock } from '../admin/server-clock.ts'
import { serverNowMs } from '../admin/server-time.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { watched, type Progress } from './progress.ts'
import { statusCounts } from './status.ts'

const movingRefreshMs = 2000
/** Jobs that the list holds; the newest are read first. */
export const jobsMax = 2000

/** Whether a job's counters may still change: one that was cancelled may have stragglers. */
export function isMoving(job: Pick<Job, 'status' | 'jobProcessDetails'> | undefined): boolean {
  if (job?.status === 'COMPLETED') return false
  const counts = statusCounts(job?.jobProcessDetails)
  return job?.status !== 'CANCELED' || counts.QUEUED + counts.IN_PROGRESS > 0
}

/** The account's newest jobs, and whether there are more than are held. */
export interface Jobs {
  readonly jobs: readonly JobSummary[]
  readonly isWhole: boolean
}

/** The account's jobs, newest first. */
export function useJobs(): UseQueryResult<Jobs> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['jobs'],
    queryFn: async (): Promise<Jobs> => {
      const jobs: JobSummary[] = []
      let nextToken: string | undefined
      do {
        const answer: { jobs?: JobSummary[] | undefined; nextToken?: string | undefined } =
          await iot.send(
            new ListJobsCommand({ maxResults: 250, ...(nextToken ? { nextToken } : {}) }),
          )
        jobs.push(...(answer.jobs ?? []))
        nextToken = answer.nextToken
      } while (nextToken !== undefined && jobs.length < jobsMax)
      return { jobs, isWhole: nextToken === undefined }
    },
    refetchInterval: 5000,
  })
}

/** One job with its counters. */
export function useJob(jobId: string): UseQueryResult<Job> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['job', jobId, 'description'],
    queryFn: async () => (await iot.send(new DescribeJobCommand({ jobId }))).job ?? {},
    refetchInterval: ({ state }) => (isMoving(state.data) ? movingRefreshMs : false),
  })
}

/** A job's document as devices get it. */
export function useJobDocument(jobId: string): UseQueryResult<string> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['job-document', jobId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await iot.send(new GetJobDocumentCommand({ jobId }))).document ?? '',
  })
}

/** A job's or template's tags. */
export function useTags(resourceArn: string | undefined): UseQueryResult<readonly Tag[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['tags', resourceArn],
    enabled: resourceArn !== undefined,
    queryFn: async () =>
      (await iot.send(new ListTagsForResourceCommand({ resourceArn }))).tags ?? [],
  })
}

/** A job's course, and whether the server keeps it or the page does. */
export interface JobProgress {
  readonly progress: Progress | undefined
  /** Whether the curve begins when the page was opened. */
  readonly isWatched: boolean
}

/**
 * The course of a job: as the server kept it, else as this page saw it since it was opened. Counters
 * and curve come from one answer, so that neither is behind the other.
 */
export function useJobProgress(job: Job): JobProgress {
  const { state, client } = useAdmin()
  const jobId = job.jobId ?? ''
  const kept = useQuery({
    queryKey: ['job', jobId, 'progress'],
    enabled: state.name === 'present',
    queryFn: async ({ signal }) => {
      try {
        return await client.get<Progress>(`jobs/${encodeURIComponent(jobId)}/progress`, signal)
      } catch (cause) {
        // A server that keeps no record: the page watches by itself.
        if (cause instanceof AdminError && cause.status === 404) return null
        throw cause
      }
    },
    refetchInterval: ({ state: { data } }) =>
      data !== null && isMoving(job) ? movingRefreshMs : false,
  })
  const isWatched = state.name === 'absent' || state.name === 'locked' || kept.data === null
  const seen = useWatched(job, isWatched)
  return { progress: isWatched ? seen : (kept.data ?? undefined), isWatched }
}

/** Collects each reading of a job, as long as a page shows it. */
function useWatched(job: Job, isOn: boolean): Progress | undefined {
  const clock = useServerClock()
  const [seen, setSeen] = useState<Progress>()
  useEffect(() => {
    if (!isOn) return
    const nowMs = serverNowMs(clock, performance.now(), Date.now())
    setSeen((before) => watched(before, job, statusCounts(job.jobProcessDetails), nowMs))
    // The clock is read at each reading of the job; a reading of the clock alone tells nothing new.
  }, [job, isOn])
  return seen
}
