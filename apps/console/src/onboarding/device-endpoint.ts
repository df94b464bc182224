/** Where devices connect to, and what they trust. */
import { DescribeEndpointCommand } from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useAdmin } from '../admin/admin-context.tsx'
import { isLoopback } from '../session/session.ts'
import { useSignedIn } from '../session/session-context.tsx'

/** An endpoint as a device sees it. */
export interface DeviceEndpoint {
  readonly host: string
  /** MQTT with a client certificate. */
  readonly mqttPort: number
  /** HTTPS with a client certificate. */
  readonly httpsPort: number
  /** The authority that signed the server's certificate; undefined for AWS, where Amazon's did. */
  readonly caPem: string | undefined
}

/** The endpoint of the session's account. */
export function useDeviceEndpoint(): UseQueryResult<DeviceEndpoint> {
  const { iot, session } = useSignedIn()
  const { state, client } = useAdmin()
  const isOwn = state.name === 'present' || state.name === 'locked'
  return useQuery({
    queryKey: ['device-endpoint', isOwn],
    enabled: state.name !== 'asking',
    staleTime: 60_000,
    queryFn: async (): Promise<DeviceEndpoint> => {
      if (!isOwn) {
        const asked = { endpointType: 'iot:Data-ATS' }
        const { endpointAddress = '' } = await iot.send(new DescribeEndpointCommand(asked))
        return { host: endpointAddress, mqttPort: 8883, httpsPort: 8443, caPem: undefined }
      }
      const { ports } = await client.get<Health>('health')
      const caPem = await (await fetch(`${session.endpoint}/_muster/ca.pem`)).text()
      const { hostname } = new URL(session.endpoint)
      const host = isLoopback(hostname) ? 'localhost' : hostname
      return { host, mqttPort: ports.mqttPort, httpsPort: ports.httpsPort, caPem }
    },
  })
}

/** The part of `GET /_muster/health` that tells where the server listens. */
interface Health {
  readonly ports: { readonly mqttPort: number; readonly httpsPort: number }
}
