/** What the account indexes of its fleet, and what its index counts. */
import {
  GetIndexingConfigurationCommand,
  GetStatisticsCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

/** What can be asked of the index. */
export interface Indexing {
  /** Whether things can be searched and dynamic groups made. */
  readonly things: boolean
  /** Whether the index tells who is connected. */
  readonly connectivity: boolean
}

/** undefined until it is known; an account that cannot be asked has no index. */
export function useIndexing(): Indexing | undefined {
  const { iot } = useSignedIn()
  // The frame's notice reads and changes the same answer.
  const { data, isError } = useQuery({
    queryKey: ['setup', 'indexing'],
    queryFn: () => iot.send(new GetIndexingConfigurationCommand()),
    staleTime: 60_000,
  })
  if (isError) return { things: false, connectivity: false }
  if (!data) return undefined
  const configuration = data.thingIndexingConfiguration
  const things = (configuration?.thingIndexingMode ?? 'OFF') !== 'OFF'
  return {
    things,
    connectivity: things && configuration?.thingConnectivityIndexingMode === 'STATUS',
  }
}

/** How many things a query finds; not asked while `query` is undefined. */
export function useThingCount(query: string | undefined): UseQueryResult<number> {
  const { iot } = useSignedIn()
  return useQuery({
    // Not refreshed by connects and disconnects: a fleet that connects would have it counted all the time.
    queryKey: ['count', query],
    enabled: query !== undefined,
    queryFn: () => thingCount(iot, query ?? ''),
    refetchInterval: 10_000,
    placeholderData: (before, previous) => (previous?.queryKey[1] === query ? before : undefined),
  })
}

/** @throws what GetStatistics throws: InvalidQueryException for a query that is none */
export async function thingCount(iot: IoTClient, queryString: string): Promise<number> {
  const answer = await iot.send(new GetStatisticsCommand({ queryString }))
  return answer.statistics?.count ?? 0
}

/** The query that finds the members of a static group. */
export function membersQuery(groupName: string): string {
  return `thingGroupNames:"${groupName}"`
}
