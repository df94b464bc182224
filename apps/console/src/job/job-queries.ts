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
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

const movingRefreshMs = 1500

/** Whether a job's counters may still change. */
export function isMoving(job: { status?: string | undefined } | undefined): boolean {
  return job?.status !== 'COMPLETED'
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
    queryKey: ['rollout', jobId],
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
    refetchInterval: moving ? movingRefreshMs * Math.max(1, pages) : false,
  })
}
