/** Whether things are connected now, where fleet indexing knows. */
import { GetThingConnectivityDataCommand, type IoTClient } from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

/** Things that are asked for, one call each. */
const askedMax = 20

/** Things by name; one that is not there is not known. */
export function useConnectivity(
  thingNames: readonly string[],
): UseQueryResult<ReadonlyMap<string, boolean>> {
  const { iot } = useSignedIn()
  return useQuery({
    // Presence events make it fresh.
    queryKey: ['connectivity', 'things', ...thingNames],
    enabled: thingNames.length > 0,
    queryFn: async () => {
      const asked = thingNames.slice(0, askedMax)
      const known = await Promise.all(asked.map((thingName) => connectivityOf(iot, thingName)))
      return new Map(
        asked.flatMap((thingName, index) => {
          const isConnected = known[index]
          return isConnected === undefined ? [] : [[thingName, isConnected] as const]
        }),
      )
    },
  })
}

async function connectivityOf(iot: IoTClient, thingName: string): Promise<boolean | undefined> {
  try {
    return (await iot.send(new GetThingConnectivityDataCommand({ thingName }))).connected
  } catch (cause) {
    // Connectivity indexing is off, or has not heard of it.
    if (cause instanceof Error && /^(IndexNotReady|ResourceNotFound)/.test(cause.name)) {
      return undefined
    }
    throw cause
  }
}
