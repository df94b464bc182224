/** How large the fleet is and how much of it is connected. */
import { GetStatisticsCommand, ListThingsCommand, type IoTClient } from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

/** A count, with how it was come by when it is not exact. */
export interface Count {
  readonly value: number
  readonly note?: string
}

const refreshMs = 5000
/** Pages of 250 read to count things where there is no index to ask. */
const listedPagesMax = 8

/** Things in the registry: asked of the fleet index, counted from the list without one. */
export function useThingCount(): UseQueryResult<Count> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['fleet', 'size'],
    queryFn: async () => (await statisticsCount(iot, '*')) ?? (await listedCount(iot)),
    refetchInterval: refreshMs,
  })
}

/** Things connected: asked of the fleet index, else what presence events have told so far. */
export function useConnectedCount(): UseQueryResult<Count> {
  const { iot, presence } = useSignedIn()
  return useQuery({
    queryKey: ['fleet', 'connected'],
    queryFn: async () =>
      (await statisticsCount(iot, 'connectivity.connected:true')) ?? {
        value: presence.connectedCount,
        note: 'seen since this page was opened',
      },
    refetchInterval: refreshMs,
  })
}

/** @returns undefined where the server keeps no index, or it is not switched on */
async function statisticsCount(iot: IoTClient, queryString: string): Promise<Count | undefined> {
  try {
    const answer = await iot.send(new GetStatisticsCommand({ queryString }))
    return { value: answer.statistics?.count ?? 0 }
  } catch {
    return undefined
  }
}

async function listedCount(iot: IoTClient): Promise<Count> {
  let value = 0
  let nextToken: string | undefined
  for (let page = 0; page < listedPagesMax; page++) {
    const answer = await iot.send(
      new ListThingsCommand({ maxResults: 250, ...(nextToken ? { nextToken } : {}) }),
    )
    value += answer.things?.length ?? 0
    nextToken = answer.nextToken
    if (nextToken === undefined) return { value }
  }
  return { value, note: 'or more' }
}
