/**
 * DISCONNECT from the client (gateway G23, G28).
 */
import type { BrokerCore } from './broker-core.ts'
import type { DisconnectPacket } from './codec/packets.ts'
import type { Accepted, Connection } from './connection.ts'
import { clientError, endConnection } from './end-connection.ts'
import { limits } from './limits.ts'
import { reasonCode } from './reason-codes.ts'
import { hints } from './hints.ts'

export function handleDisconnect(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  packet: DisconnectPacket,
): void {
  const { session } = accepted
  const asked = packet.sessionExpirySeconds
  if (asked !== undefined) {
    if (asked > 0 && !session.persistent) {
      // gateway G23: not from 0 upward.
      const detail = 'a DISCONNECT that makes the session persistent'
      const code = reasonCode.protocolError
      const ending = clientError('DISCONNECT', detail, hints.disconnectExpiry, code)
      endConnection(core, connection, ending)
      return
    }
    session.expirySeconds = Math.min(asked, limits.sessionExpirySecondsMax)
  }
  endConnection(core, connection, {
    reason: 'CLIENT_INITIATED_DISCONNECT',
    will: packet.reasonCode === reasonCode.disconnectWithWill,
  })
}
