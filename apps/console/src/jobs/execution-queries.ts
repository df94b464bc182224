/** Reads about the executions of one job. */
import {
  DescribeJobExecutionCommand,
  ListJobExecutionsForJobCommand,
  ListJobExecutionsForThingCommand,
  type JobExecution,
  type JobExecutionStatus,
  type JobExecutionSummaryForThing,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'
import { useServerPages, type PagedList } from '../ui/server-pages.ts'

/** Executions on one page. */
export const pageSize = 25

/** One row of the list. */
export interface ExecutionRow {
  readonly thingName: string
  readonly status: string | undefined
  readonly executionNumber: number | undefined
  readonly retryAttempt: number | undefined
  readonly queuedAt: Date | undefined
  readonly startedAt: Date | undefined
  readonly lastUpdatedAt: Date | undefined
}

interface Asked {
  readonly jobId: string
  readonly status: JobExecutionStatus | undefined
  /** An exact name; undefined for all. */
  readonly thingName: string | undefined
  readonly page: number
  readonly isMoving: boolean
}

/** One page of a job's executions, or the one of a thing. */
export function useExecutions({
  jobId,
  status,
  thingName,
  page,
  isMoving,
}: Asked): PagedList<ExecutionRow> {
  const { iot } = useSignedIn()
  return useServerPages({
    queryKey: ['job', jobId, 'executions', status ?? 'all', thingName ?? 'all'],
    page,
    refetchInterval: isMoving ? 3000 : false,
    read: async (nextToken) => {
      if (thingName !== undefined) {
        const row = await executionOf(iot, jobId, thingName)
        const isWanted = row && (status === undefined || row.status === status)
        return { items: isWanted ? [row] : [], nextToken: undefined }
      }
      const answer = await iot.send(
        new ListJobExecutionsForJobCommand({
          jobId,
          maxResults: pageSize,
          ...(status ? { status } : {}),
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      )
      const items = (answer.executionSummaries ?? []).map(
        ({ thingArn = '', jobExecutionSummary: summary = {} }): ExecutionRow => ({
          thingName: thingArn.split(':thing/')[1] ?? thingArn,
          status: summary.status,
          executionNumber: summary.executionNumber,
          retryAttempt: summary.retryAttempt,
          queuedAt: summary.queuedAt,
          startedAt: summary.startedAt,
          lastUpdatedAt: summary.lastUpdatedAt,
        }),
      )
      return { items, nextToken: answer.nextToken }
    },
  })
}

type Iot = ReturnType<typeof useSignedIn>['iot']

/** The newest execution of a thing, undefined when it has none. */
async function executionOf(
  iot: Iot,
  jobId: string,
  thingName: string,
): Promise<ExecutionRow | undefined> {
  try {
    const { execution } = await iot.send(new DescribeJobExecutionCommand({ jobId, thingName }))
    return (
      execution && {
        thingName,
        status: execution.status,
        executionNumber: execution.executionNumber,
        retryAttempt: undefined,
        queuedAt: execution.queuedAt,
        startedAt: execution.startedAt,
        lastUpdatedAt: execution.lastUpdatedAt,
      }
    )
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ResourceNotFoundException') return undefined
    throw cause
  }
}

/** One execution in full. */
export function useExecution(
  jobId: string,
  thingName: string,
  executionNumber: number | undefined,
): UseQueryResult<JobExecution> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['job', jobId, 'execution', thingName, executionNumber ?? 'newest'],
    queryFn: async () =>
      (
        await iot.send(
          new DescribeJobExecutionCommand({
            jobId,
            thingName,
            ...(executionNumber === undefined ? {} : { executionNumber }),
          }),
        )
      ).execution ?? {},
  })
}

/** Every attempt of a thing at a job, the newest first. */
export function useAttempts(
  jobId: string,
  thingName: string,
): UseQueryResult<readonly JobExecutionSummaryForThing[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['job', jobId, 'attempts', thingName],
    queryFn: async () =>
      (await iot.send(new ListJobExecutionsForThingCommand({ jobId, thingName, maxResults: 50 })))
        .executionSummaries ?? [],
  })
}
