/**
 * What the operator is told of refusals, each once whatever it costs in packets. The wire says as
 * little as AWS's. Denials by policy are told by who decides them.
 */
import type { BrokerCore } from './broker-core.ts'
import type { Connection } from './connection.ts'
import type { RefusedPacket } from './ports.ts'
import type { DisconnectReason } from './reason-codes.ts'

/** A refusal, without who was refused. */
export interface Refused {
  readonly packet: RefusedPacket
  /** AWS's word. */
  readonly reason: DisconnectReason | 'PAYLOAD_LIMIT_EXCEEDED' | 'NOT_IMPLEMENTED'
  /** What was refused, as a noun: `a PUBLISH with QoS 2`. */
  readonly detail: string
  /** What would mend it. */
  readonly hint: string
}

/** @param clientId - of a CONNECT that was not accepted */
export function tellRefused(
  core: BrokerCore,
  connection: Connection,
  refused: Refused,
  clientId?: string,
): void {
  const { accepted, peer } = connection
  core.ports.refused?.({
    ...refused,
    clientId: accepted?.session.clientId ?? clientId,
    principalId: accepted?.client.principalId,
    principalKind: accepted?.client.principalKind,
    thingName: accepted?.client.connectionThing ?? accepted?.client.thingName,
    sourceIp: peer.sourceIp,
  })
}
