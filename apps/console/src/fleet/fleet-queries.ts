/** How large the fleet is and how much of it is connected. */
import {
  GetIndexingConfigurationCommand,
  GetStatisticsCommand,
  ListThingsCommand,
  SearchIndexCommand,
  type IoTClient,
  type ThingIndexingConfiguration,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { errorInWords } from '../aws/aws-error.ts'
import { useSignedIn } from '../session/session-context.tsx'

/** A count, with how it was come by when it is not exact. */
export interface Count {
  /** undefined when nothing tells. */
  readonly value: number | undefined
  readonly note?: string
}

const refreshMs = 5000
/** Pages read to count things where no statistics are to be had. */
const countedPagesMax = 8

/** What the account indexes; an answer of nothing where the server has no index. */
export function useIndexing(): UseQueryResult<ThingIndexingConfiguration | null> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['indexing'],
    staleTime: 60_000,
    queryFn: async () => {
      try {
        const answer = await iot.send(new GetIndexingConfigurationCommand())
        return answer.thingIndexingConfiguration ?? null
      } catch {
        return null
      }
    },
  })
}

/** Things in the registry: asked of the fleet index, counted from the list without one. */
export function useThingCount(): UseQueryResult<Count> {
  const { iot } = useSignedIn()
  const indexing = useIndexing()
  const indexed = (indexing.data?.thingIndexingMode ?? 'OFF') !== 'OFF'
  return useQuery({
    queryKey: ['fleet', 'size', indexed],
    enabled: indexing.isFetched,
    queryFn: async () =>
      (indexed ? await statisticsCount(iot, '*') : undefined) ?? (await listedCount(iot)),
    refetchInterval: refreshMs,
  })
}

/** Things connected: asked of the fleet index, else what presence events have told so far. */
export function useConnectedCount(): UseQueryResult<Count> {
  const { iot, presence } = useSignedIn()
  const indexing = useIndexing()
  const indexed = indexing.data?.thingConnectivityIndexingMode === 'STATUS'
  const query = 'connectivity.connected:true'
  return useQuery({
    queryKey: ['fleet', 'connected', indexed],
    enabled: indexing.isFetched,
    queryFn: async () =>
      (indexed
        ? ((await statisticsCount(iot, query)) ?? (await searchedCount(iot, query)))
        : undefined) ?? heardOf(presence.connectedCount),
    refetchInterval: refreshMs,
  })
}

function heardOf(count: number): Count {
  return count === 0
    ? { value: undefined, note: 'fleet indexing is off' }
    : { value: count, note: 'seen connecting since this page was opened' }
}

/** @returns undefined where the server keeps no statistics */
async function statisticsCount(iot: IoTClient, queryString: string): Promise<Count | undefined> {
  if (withoutStatistics.has(iot)) return undefined
  try {
    const answer = await iot.send(new GetStatisticsCommand({ queryString }))
    return { value: answer.statistics?.count ?? 0 }
  } catch (cause) {
    if (errorInWords(cause).name === 'NotImplemented') withoutStatistics.add(iot)
    return undefined
  }
}

/** Clients of servers that do not implement GetStatistics: asking once is enough. */
const withoutStatistics = new WeakSet<IoTClient>()

/** Counts what a search finds, for servers with an index but without statistics. */
async function searchedCount(iot: IoTClient, queryString: string): Promise<Count | undefined> {
  const pageSize = 500
  try {
    return await countPages(async (nextToken) => {
      const answer = await iot.send(
        new SearchIndexCommand({ queryString, maxResults: pageSize, ...nextToken }),
      )
      return { found: answer.things?.length ?? 0, nextToken: answer.nextToken }
    })
  } catch {
    return undefined
  }
}

function listedCount(iot: IoTClient): Promise<Count> {
  return countPages(async (nextToken) => {
    const answer = await iot.send(new ListThingsCommand({ maxResults: 250, ...nextToken }))
    return { found: answer.things?.length ?? 0, nextToken: answer.nextToken }
  })
}

type PageCall = (token: {
  nextToken?: string
}) => Promise<{ found: number; nextToken: string | undefined }>

async function countPages(call: PageCall): Promise<Count> {
  let value = 0
  let nextToken: string | undefined
  for (let page = 0; page < countedPagesMax; page++) {
    const answer = await call(nextToken === undefined ? {} : { nextToken })
    value += answer.found
    nextToken = answer.nextToken
    if (nextToken === undefined) return { value }
  }
  return { value, note: 'or more' }
}
