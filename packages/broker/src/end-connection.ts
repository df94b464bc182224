/**
 * The one way in which a connection ends (gateway G13, G19, G21, G28, G34, G117).
 */
import { connectionChanged, log, type BrokerCore } from './broker-core.ts'
import { rememberCleanClient } from './client-memory.ts'
import { encodeDisconnect } from './codec/encode.ts'
import type { Accepted, Connection } from './connection.ts'
import { delayWill } from './delayed-will.ts'
import { returnInflight } from './delivery.ts'
import { endSession, expireLater } from './end-session.ts'
import type { Publication } from './message.ts'
import type { RefusedPacket } from './ports.ts'
import { publishDisconnected } from './presence.ts'
import type { DisconnectReason, ReasonCode } from './reason-codes.ts'
import { tellRefused, type Refused } from './refused.ts'
import { route, toMessage } from './route.ts'
import { recordSession } from './session-records.ts'

/** Why and how. */
export interface Ending {
  readonly reason: DisconnectReason
  /** Sent to an MQTT 5 client in a DISCONNECT; 3.1.1 clients see a bare close. */
  readonly code?: ReasonCode
  /** MQTT 5 Reason String; dropped when the client asked for none (gateway G55). */
  readonly reasonString?: string | undefined
  /** For the log. */
  readonly detail?: string
  /** The connection ends because this is refused; absent where that was told, or nothing was. */
  readonly refused?: Refused
  /** false after a client's DISCONNECT, or when the API asked so (gateway G28). */
  readonly will?: boolean
  /** The session ends too, whatever its expiry (gateway G64). */
  readonly endSession?: boolean
}

/** The ending of a connection whose client did something that is refused. */
export function clientError(
  packet: RefusedPacket,
  detail: string,
  hint: string,
  code?: ReasonCode,
): Ending {
  const reason = 'CLIENT_ERROR'
  const refused = { packet, reason, detail, hint } as const
  return { reason, detail, refused, ...(code !== undefined && { code }) }
}

/** Ends a connection; ending it again does nothing. */
export function endConnection(core: BrokerCore, connection: Connection, ending: Ending): void {
  if (connection.closed) return
  connection.closed = true
  core.connections.delete(connection.id)
  core.wallDue.remove(connection.idle)
  core.wallDue.remove(connection.lifetime)
  core.wallDue.remove(connection.drain)
  const { accepted } = connection
  if (accepted?.protocolVersion === 5 && ending.code !== undefined) {
    const reasonString = accepted.problemInformation ? ending.reasonString : undefined
    connection.transport.send(encodeDisconnect(ending.code, reasonString))
  }
  connection.transport.close()
  if (ending.refused !== undefined) tellRefused(core, connection, ending.refused)
  if (accepted === undefined) {
    if (ending.detail !== undefined) {
      log(core, connection, 'connect.refused', ending.reason, { detail: ending.detail })
    }
    return
  }
  log(core, connection, 'disconnected', ending.reason, { detail: ending.detail })
  connectionChanged(core, connection, accepted, ending.reason)
  const { principalId } = accepted.client
  const siblings = core.byPrincipal.get(principalId)
  siblings?.delete(connection)
  if (siblings?.size === 0) core.byPrincipal.delete(principalId)
  leaveSession(core, connection, accepted, ending)
  accepted.client.authorizer.release()
}

function leaveSession(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  ending: Ending,
): void {
  const { session, will } = accepted
  const nowMs = core.ports.time.nowMs()
  session.connection = undefined
  session.disconnectedAtMs = nowMs
  const memory = core.clients.get(session.clientId)
  if (memory !== undefined) {
    memory.disconnectedSinceMs = nowMs
    memory.disconnectReason = ending.reason
  }
  const lives = session.persistent && ending.endSession !== true
  if (lives) {
    returnInflight(core, session)
    recordSession(core, session)
    expireLater(core, session)
  } else rememberCleanClient(core, session.clientId)
  if (will !== undefined && ending.will !== false) {
    const publication: Publication = { ...will, qos: will.qos === 0 ? 0 : 1 }
    if (lives && will.delaySeconds > 0) {
      const delaySeconds = Math.min(will.delaySeconds, session.expirySeconds)
      delayWill(core, session, publication, nowMs + delaySeconds * 1000)
    } else route(core, toMessage(core, publication, session.clientId))
  }
  if (!lives) endSession(core, session)
  publishDisconnected(core, connection, accepted, ending.reason)
}
