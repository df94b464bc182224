/** Whether a thing is connected: asked of the service, else what presence events have told. */
import { GetThingConnectivityDataCommand } from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'

export function Connectivity({ thingName }: { readonly thingName: string }): ReactNode {
  const { iot, presence } = useSignedIn()
  const connected = useQuery({
    queryKey: ['thing', thingName, 'connectivity'],
    queryFn: async () => {
      // A thing connects under its own name where policies use thing variables (authz: client ID).
      const heard = presence.isConnected(thingName) ?? null
      if (heard !== null) return heard
      try {
        const answer = await iot.send(new GetThingConnectivityDataCommand({ thingName }))
        return answer.connected ?? null
      } catch {
        return null
      }
    },
    refetchInterval: 5000,
  })
  if (connected.data === undefined || connected.data === null) {
    return <span className="badge">connection unknown</span>
  }
  return connected.data ? (
    <span className="badge status-SUCCEEDED">connected</span>
  ) : (
    <span className="badge status-CANCELED">not connected</span>
  )
}
