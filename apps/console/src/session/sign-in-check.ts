/**
 * Tries a session before it is said to work: with the one call that every console needs anyway,
 * which endpoint the account's devices have.
 */
import { DescribeEndpointCommand } from '@aws-sdk/client-iot'
import { iotClient } from '../aws/iot-client.ts'
import { regionAskedFor, type Session } from './session.ts'

/** A session that works, with the region and data endpoint that the account told. */
export type CheckedSession = Session

/**
 * @returns the session, corrected where the answer told how
 * @throws what the AWS SDK throws when the keys, the region or the endpoint are refused
 */
export async function checkSession(session: Session): Promise<CheckedSession> {
  try {
    return await tried(session)
  } catch (cause) {
    const region = cause instanceof Error ? regionAskedFor(cause.message) : undefined
    if (region === undefined || region === session.region) throw cause
    return tried({ ...session, region })
  }
}

async function tried(session: Session): Promise<CheckedSession> {
  const iot = iotClient(session)
  try {
    const answer = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }))
    return session.dataEndpoint === ''
      ? { ...session, dataEndpoint: `wss://${answer.endpointAddress}` }
      : session
  } catch (cause) {
    // Whoever may not ask has proved who he is: the signature was good.
    if (cause instanceof Error && isOnlyForbidden(cause)) return session
    throw cause
  } finally {
    iot.destroy()
  }
}

function isOnlyForbidden({ name, message }: Error): boolean {
  if (name === 'AccessDeniedException') return true
  // AWS refuses actions with this name too; a refused key says so in other words.
  return name === 'ForbiddenException' && /not authorized to perform/.test(message)
}
