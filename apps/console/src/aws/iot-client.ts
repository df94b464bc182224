/** The AWS SDK's client for the control plane of a session. */
import { IoTClient } from '@aws-sdk/client-iot'
import type { Session } from '../session/session.ts'

/** A client that signs with the session's keys and talks to its endpoint. */
export function iotClient(session: Session): IoTClient {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = session
  return new IoTClient({
    endpoint,
    region,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    maxAttempts: 3,
  })
}
