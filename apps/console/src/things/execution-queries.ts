/** Executions of a thing: its queue, and all it ever had. */
import {
  ListJobExecutionsForThingCommand,
  type IoTClient,
  type JobExecutionStatus,
  type JobExecutionSummaryForThing,
  type ListJobExecutionsForThingResponse,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'
import { useServerPages, type PagedList } from '../ui/server-pages.ts'
import { inQueueOrder, rowOfExecution, type ExecutionRow } from './execution-row.ts'

const refreshMs = 5000
const pageSize = 20
/** Executions of one status beyond which a queue is read no further. */
const queueMax = 1000

/** The executions that wait for the thing or that it works at, in the order in which it gets them. */
export function useQueue(thingName: string): UseQueryResult<readonly ExecutionRow[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['thing', thingName, 'queue'],
    queryFn: async () => {
      const [working, waiting] = await Promise.all(
        (['IN_PROGRESS', 'QUEUED'] as const).map((status) => listed(iot, thingName, status)),
      )
      return inQueueOrder([...(working ?? []), ...(waiting ?? [])].map(rowOfExecution))
    },
    refetchInterval: refreshMs,
  })
}

/** The front of the queue is at the end of the list, so all of it is read, up to its bound. */
async function listed(
  iot: IoTClient,
  thingName: string,
  status: JobExecutionStatus,
): Promise<readonly JobExecutionSummaryForThing[]> {
  const all: JobExecutionSummaryForThing[] = []
  let nextToken: string | undefined
  do {
    const answer: ListJobExecutionsForThingResponse = await iot.send(
      new ListJobExecutionsForThingCommand({
        thingName,
        status,
        maxResults: 250,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    )
    all.push(...(answer.executionSummaries ?? []))
    nextToken = answer.nextToken
  } while (nextToken !== undefined && all.length < queueMax)
  return all
}

/** A page of all executions of the thing, newest first. */
export function useExecutionHistory(
  thingName: string,
  status: string,
  page: number,
): PagedList<ExecutionRow> {
  const { iot } = useSignedIn()
  return useServerPages<ExecutionRow>({
    queryKey: ['thing', thingName, 'executions', status],
    page,
    refetchInterval: refreshMs,
    read: async (nextToken) => {
      const answer = await iot.send(
        new ListJobExecutionsForThingCommand({
          thingName,
          maxResults: pageSize,
          ...(status === '' ? {} : { status: status as JobExecutionStatus }),
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      )
      return {
        items: (answer.executionSummaries ?? []).map(rowOfExecution),
        nextToken: answer.nextToken,
      }
    },
  })
}

/** The newest executions, for a timeline without the admin API. */
export function useLatestExecutions(
  thingName: string,
  enabled: boolean,
): UseQueryResult<readonly JobExecutionSummaryForThing[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['thing', thingName, 'latest-executions'],
    enabled,
    queryFn: async () => {
      const answer = await iot.send(
        new ListJobExecutionsForThingCommand({ thingName, maxResults: 100 }),
      )
      return answer.executionSummaries ?? []
    },
    refetchInterval: refreshMs,
  })
}
