/**
 * One client's connection as the broker sees it.
 */
import { PacketDecoder } from './codec/packet-decoder.ts'
import type { Will } from './codec/packets.ts'
import type { Due } from './due-queue.ts'
import type { AuthenticatedClient, ConnectionAuthorizer, Peer, Transport } from './ports.ts'
import type { Rate } from './rate-quotas.ts'
import type { PublishRoute } from './reserved-topics.ts'
import type { Session } from './session.ts'

/** What a connection has once its CONNECT was accepted. */
export interface Accepted {
  readonly session: Session
  readonly client: AuthenticatedClient
  readonly protocolVersion: 4 | 5
  readonly keepAliveSeconds: number
  readonly receiveMaximum: number
  readonly packetBytesMax: number
  readonly problemInformation: boolean
  /** gateway G116. */
  readonly versionNumber: number
  /** Clock time. */
  readonly connectedSinceMs: number
  will: Will | undefined
}

/** A topic that a client published to, checked, and where it leads. */
export interface PublishedTopic {
  readonly topic: string
  readonly route: PublishRoute
}

export class Connection {
  /** UUID; also the `sessionIdentifier` of presence events. */
  readonly id: string
  readonly transport: Transport
  readonly peer: Peer
  readonly decoder: PacketDecoder = new PacketDecoder()
  /** undefined until CONNECT is accepted. */
  accepted: Accepted | undefined
  closed = false
  /** Wall time of the last whole packet. */
  lastPacketWallMs: number
  /** Topics by inbound alias (gateway G52). */
  aliases: Map<number, string> | undefined
  /** The last topic published to and where it leads. */
  published: PublishedTopic | undefined
  /** Connect timeout, then keep-alive. */
  idle: Due | undefined
  lifetime: Due | undefined
  /** Paces stored messages. */
  drain: Due | undefined
  /** Publishes both ways, counted only under the rate profile (gateway G35). */
  publishes: Rate | undefined
  /** Wall time before which no stored message may leave (gateway G24). */
  nextStoredAtWallMs = 0

  constructor(id: string, transport: Transport, peer: Peer, wallMs: number) {
    this.id = id
    this.transport = transport
    this.peer = peer
    this.lastPacketWallMs = wallMs
  }

  get authorizer(): ConnectionAuthorizer | undefined {
    return this.accepted?.client.authorizer
  }
}
