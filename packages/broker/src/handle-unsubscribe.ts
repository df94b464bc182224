/**
 * UNSUBSCRIBE (gateway G41, G45, G119).
 */
import type { BrokerCore } from './broker-core.ts'
import { encodeUnsuback } from './codec/encode.ts'
import type { UnsubscribePacket } from './codec/packets.ts'
import type { Accepted, Connection } from './connection.ts'
import { clientError, endConnection, type Ending } from './end-connection.ts'
import { tooManyFilters } from './handle-subscribe.ts'
import { hints } from './hints.ts'
import { publishSubscriptions } from './presence.ts'
import { reasonCode } from './reason-codes.ts'
import { recordSession } from './session-records.ts'
import { parseFilter } from './topic.ts'

export function handleUnsubscribe(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  packet: UnsubscribePacket,
): void {
  const { session, protocolVersion } = accepted
  const ending =
    tooManyFilters('UNSUBSCRIBE', packet.filters.length) ?? invalidFilter(accepted, packet)
  if (ending !== undefined) {
    endConnection(core, connection, ending)
    return
  }
  const removed: string[] = []
  const codes = packet.filters.map((filter) => {
    const subscription = session.subscriptions.get(filter)
    if (subscription !== undefined) {
      session.subscriptions.delete(filter)
      core.index.remove(subscription)
      removed.push(filter)
      return reasonCode.success
    }
    // gateway G45: an absent filter is acknowledged like a present one.
    return typeof parseFilter(filter) === 'string'
      ? reasonCode.topicFilterInvalid
      : reasonCode.success
  })
  if (removed.length > 0 && session.persistent) recordSession(core, session)
  connection.transport.send(encodeUnsuback(protocolVersion, packet.packetId, codes))
  publishSubscriptions(core, connection, accepted, 'unsubscribed', removed)
}

/** A 3.1.1 client has no code to be told of a filter that is none: its connection ends. */
function invalidFilter(
  { protocolVersion }: Accepted,
  { filters }: UnsubscribePacket,
): Ending | undefined {
  if (protocolVersion === 5) return undefined
  const invalid = filters.map(parseFilter).find((parsed) => typeof parsed === 'string')
  return invalid === undefined
    ? undefined
    : clientError('UNSUBSCRIBE', `an UNSUBSCRIBE of ${invalid}`, hints.filter)
}
