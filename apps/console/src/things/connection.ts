/** A thing's connection: asked of the service, else what presence events have told. */
import { GetThingConnectivityDataCommand } from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

/** How a thing is connected. */
export interface Connection {
  /** undefined where nothing tells. */
  readonly connected: boolean | undefined
  /** When it connected or disconnected. */
  readonly since: Date | undefined
  /** AWS's word for why it disconnected; undefined while it is connected, and where it never was. */
  readonly reason: string | undefined
  /** Whether the service told; else events told. */
  readonly isTold: boolean
}

/**
 * Reads a thing's connection; its connects and disconnects refresh it.
 *
 * @param polls - whether it is read again by itself: not in lists
 */
export function useConnection(thingName: string, polls = true): UseQueryResult<Connection> {
  const { iot, presence } = useSignedIn()
  return useQuery({
    queryKey: ['thing', thingName, 'connection'],
    refetchInterval: polls ? 5000 : false,
    queryFn: async (): Promise<Connection> => {
      try {
        const answer = await iot.send(new GetThingConnectivityDataCommand({ thingName }))
        const { connected, timestamp: since, disconnectReason } = answer
        const hasReason = !connected && disconnectReason !== 'NONE' && since !== undefined
        return { connected, since, reason: hasReason ? disconnectReason : undefined, isTold: true }
      } catch {
        // Not indexed, or no such thing: the page says the latter by itself.
        const connected = presence.isConnected(thingName)
        return { connected, since: undefined, reason: undefined, isTold: false }
      }
    },
  })
}
