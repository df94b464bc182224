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
  client.middlewareStack.add(
    (next) => async (call) => {
      refuseDotNames(call.request)
      return next(call)
    },
    { step: 'build', name: 'refuseDotNames' },
  )
  return client
}

/** What a browser cannot ask for, since it shortens paths: a policy or a package called `..`. */
export class UnaskableNameError extends Error {
  override readonly name = 'UnaskableName'
}

/** @throws UnaskableNameError before something else is asked for than was meant */
function refuseDotNames(request: unknown): void {
  const { path = '' } = request as { readonly path?: string }
  const name = path.split('/').find((segment) => segment === '.' || segment === '..')
  if (name === undefined) return
  throw new UnaskableNameError(
    `A browser cannot ask for what is called \`${name}\`: use the AWS CLI or an SDK.`,
  )
}
