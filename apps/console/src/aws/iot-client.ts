/** The AWS SDK's client for the control plane of a session. */
import { IoTClient } from '@aws-sdk/client-iot'
import { sessionKeys, type SessionKeys } from '../session/session-keys.ts'
import type { Session } from '../session/session.ts'

/** A client that signs with the session's keys and talks to its endpoint. */
export function iotClient(session: Session, keys: SessionKeys = sessionKeys(session)): IoTClient {
  const { endpoint, region } = session
  const client = new IoTClient({
    endpoint,
    region,
    // Long past: the SDK asks before every request, and the keys know when they end.
    credentials: async () => ({ ...(await keys.current()), expiration: new Date(0) }),
    maxAttempts: 3,
  })
  client.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call)
      } catch (cause) {
        // A server's clock may run ahead of this one's.
        const isOver = cause instanceof Error && cause.name === 'ExpiredTokenException'
        if (isOver && keys.ended()) return next(call)
        throw cause
      }
    },
    { step: 'initialize', name: 'renewEndedKeys' },
  )
  return client
}
