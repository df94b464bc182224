/** Reads about jobs. A job that is still moving is read again by itself; events only hasten it. */
import {
  DescribeJobCommand,
  ListJobExecutionsForJobCommand,
  ListJobsCommand,
  type Job,
  type JobExecutionStatus,
  type JobExecutionSummaryForJob,
  type JobStatus,
  type JobSummary,
  type ListJobExecutionsForJobResponse,
} from '@aws-sdk/client-iot'
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'
import { statusCounts } from './status.ts'

const movingRefreshMs = 1500
/** How long a rollout curve waits before it is read again, for each page that it costs. */
const pageRefreshMs = 400

/** Whether a job's counters may still change: one that was cancelled may have stragglers. */
export function isMoving(job: Pick<Job, 'status' | 'jobProcessDetails'> | undefined): boolean {
  if (job?.status === 'COMPLETED') return false
  const counts = statusCounts(job?.jobProcessDetails)
  return job?.status !== 'CANCELED' || counts.QUEUED + counts.IN_PROGRESS > 0
}

/** The account's jobs, newest first. */
export function useJobs(status?: JobStatus): UseQueryResult<JobSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['jobs', status ?? 'all'],
    queryFn: async () => {
      const answer = await iot.send(
        new ListJobsCommand({ maxResults: 250, ...(status ? { status } : {}) }),
      )
      return (answer.jobs ?? []).toSorted((a, b) => createdAtMs(b) - createdAtMs(a))
    },
    refetchInterval: movingRefreshMs * 2,
  })
}

function createdAtMs(job: JobSummary): number {
  return job.createdAt?.getTime() ?? 0
}

/** One job with its counters. */
export function useJob(jobId: string): UseQueryResult<Job> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['job', jobId, 'description'],
    queryFn: async () => (await iot.send(new DescribeJobCommand({ jobId }))).job ?? {},
    refetchInterval: (query) => (isMoving(query.state.data) ? movingRefreshMs : false),
  })
}

type ExecutionPages = InfiniteData<ListJobExecutionsForJobResponse>

/** A job's executions, page by page. */
export function useExecutions(
  jobId: string,
  status: JobExecutionStatus | undefined,
): UseInfiniteQueryResult<ExecutionPages> {
  const { iot } = useSignedIn()
  return useInfiniteQuery({
    queryKey: ['job', jobId, 'executions', status ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      iot.send(
        new ListJobExecutionsForJobCommand({
          jobId,
          maxResults: 50,
          ...(status ? { status } : {}),
          ...(pageParam === undefined ? {} : { nextToken: pageParam }),
        }),
      ),
    getNextPageParam: (page) => page.nextToken,
  })
}

/** Executions beyond which the rollout curve is not drawn: each page costs a call. */
export const curveExecutionsMax = 5000

/** Every execution of a job, for its rollout curve; undefined when there are too many. */
export function useAllExecutions(
  jobId: string,
  expected: number,
  moving: boolean,
): UseQueryResult<JobExecutionSummaryForJob[]> {
  const { iot } = useSignedIn()
  const pages = Math.ceil(expected / 250)
  return useQuery({
    // Another key once it stands still: the last reading is then of everything.
    queryKey: ['rollout', jobId, moving ? 'moving' : 'finished'],
    placeholderData: keepPreviousData,
    enabled: expected <= curveExecutionsMax,
    queryFn: async () => {
      const all: JobExecutionSummaryForJob[] = []
      let nextToken: string | undefined
      do {
        const answer: ListJobExecutionsForJobResponse = await iot.send(
          new ListJobExecutionsForJobCommand({
            jobId,
            maxResults: 250,
            ...(nextToken ? { nextToken } : {}),
          }),
        )
        all.push(...(answer.executionSummaries ?? []))
        nextToken = answer.nextToken
      } while (nextToken !== undefined && all.length < curveExecutionsMax)
      return all
    },
    refetchInterval: moving ? Math.max(movingRefreshMs, pages * pageRefreshMs) : false,
  })
}
