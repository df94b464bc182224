/**
 * QoS 1 messages waiting for one client (gateway G24, G25).
 */
import { messageBytes, type Message } from './message.ts'

/** A QoS 1 message on its way to one session. */
export interface Delivery {
  readonly message: Message
  /** RETAIN as the receiver sees it. */
  readonly retain: boolean
  /** The `$share/…` filter it came by. */
  readonly shareFilter: string | undefined
  /** Clock time at which it was first sent; undefined while it was never (gateway G26). */
  sentAtMs: number | undefined
  /** It waited for an absent client: paced when the client returns (gateway G24). */
  stored: boolean
  /** For the connection that it was sent to, and for no later one (gateway G47, G66). */
  readonly direct: boolean
  /** Key of its record; undefined when it need not survive a restart. */
  recordKey: string | undefined
  /** Told when the client acknowledged it, or when it will never be (gateway G66). */
  readonly settled?: (acknowledged: boolean) => void
}

/** First in, first out, with returns to the front. */
export class DeliveryQueue {
  #items: Delivery[] = []
  #head = 0
  /** No message of it expires before this. */
  #expiresAtMs = Infinity
  /** Bytes of the messages waiting, topics and properties included. */
  bytes = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  get first(): Delivery | undefined {
    return this.#items[this.#head]
  }

  push(delivery: Delivery): void {
    this.#items.push(delivery)
    this.#count(delivery)
  }

  /** Puts deliveries before all others, in their order. */
  putBack(deliveries: readonly Delivery[]): void {
    this.#items = [...deliveries, ...this.#items.slice(this.#head)]
    this.#head = 0
    for (const delivery of deliveries) this.#count(delivery)
  }

  shift(): Delivery | undefined {
    const first = this.#items[this.#head]
    if (first === undefined) return undefined
    this.#head++
    this.bytes -= messageBytes(first.message)
    if (this.#head === this.#items.length) {
      this.#items = []
      this.#head = 0
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return first
  }

  /** Takes out what has expired, in order; costs nothing while nothing can have. */
  takeExpired(nowMs: number): Delivery[] {
    if (nowMs < this.#expiresAtMs) return []
    const expired: Delivery[] = []
    const rest: Delivery[] = []
    for (const delivery of this.#items.slice(this.#head)) {
      if (delivery.message.expiresAtMs <= nowMs) expired.push(delivery)
      else rest.push(delivery)
    }
    this.#items = []
    this.#head = 0
    this.#expiresAtMs = Infinity
    this.bytes = 0
    for (const delivery of rest) this.push(delivery)
    return expired
  }

  #count({ message }: Delivery): void {
    this.bytes += messageBytes(message)
    this.#expiresAtMs = Math.min(this.#expiresAtMs, message.expiresAtMs)
  }
}
