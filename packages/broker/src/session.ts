/**
 * What outlives a connection: subscriptions, waiting messages, unacknowledged deliveries.
 */
import type { Connection } from './connection.ts'
import { DeliveryQueue, type Delivery } from './delivery-queue.ts'
import type { Due } from './due-queue.ts'
import type { Publication } from './message.ts'
import type { ParsedFilter } from './topic.ts'

/** One filter of one session. */
export interface Subscription {
  readonly session: Session
  readonly parsed: ParsedFilter
  readonly qos: 0 | 1
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
}

/** The will of a client that left and may yet come back. */
export interface DelayedWill {
  readonly publication: Publication
  readonly due: Due
}

export class Session {
  readonly clientId: string
  readonly protocolVersion: 4 | 5
  /** Seconds it outlives its connection; 0 for one that ends with it (gateway G23). */
  expirySeconds: number
  readonly subscriptions: Map<string, Subscription> = new Map()
  readonly queue: DeliveryQueue = new DeliveryQueue()
  /** Of this connection alone; they go before the queue. */
  readonly replies: DeliveryQueue = new DeliveryQueue()
  /** By packet identifier, in order of sending. */
  readonly inflight: Map<number, Delivery> = new Map()
  /** Whether a record of it exists: most sessions end with their connection and never had one. */
  recorded = false
  /** undefined while the client is away. */
  connection: Connection | undefined
  /** Ends the session after the client left. */
  expiry: Due | undefined
  /** Clock time at which the client left; meaningful while it is away. */
  disconnectedAtMs = 0
  /** Of a client that left and may yet come back. */
  delayedWill: DelayedWill | undefined
  #lastPacketId = 0

  constructor(clientId: string, protocolVersion: 4 | 5, expirySeconds: number) {
    this.clientId = clientId
    this.protocolVersion = protocolVersion
    this.expirySeconds = expirySeconds
  }

  get persistent(): boolean {
    return this.expirySeconds > 0
  }

  /** A packet identifier that is not in flight. */
  nextPacketId(): number {
    do {
      this.#lastPacketId = this.#lastPacketId >= 65_535 ? 1 : this.#lastPacketId + 1
    } while (this.inflight.has(this.#lastPacketId))
    return this.#lastPacketId
  }
}
