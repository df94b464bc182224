/**
 * The bytes of one message on its way to many receivers, made once per form.
 */
import { encodePublish, packetIdOffset } from './codec/encode-publish.ts'
import { messageBytes, type Message } from './message.ts'

export class PublishBytes {
  readonly #message: Message
  readonly #expirySeconds: number | undefined
  /** By protocol version, QoS and RETAIN. */
  readonly #forms: (Buffer | undefined)[] = []
  /** A bit for each form whose bytes a receiver has. */
  #given = 0
  #keepable: Message | undefined
  #isMeasured = false

  /** @param nowMs - clock time of sending; decides the expiry left (gateway G54) */
  constructor(message: Message, nowMs: number) {
    this.#message = message
    this.#expirySeconds =
      message.expiresAtMs === Infinity
        ? undefined
        : Math.max(0, Math.ceil((message.expiresAtMs - nowMs) / 1000))
  }

  /**
   * The message as it may be kept: a received payload is a window on a whole chunk of the socket's
   * bytes, which what waits must not hold.
   */
  get keepable(): Message {
    const { payload } = this.#message
    if (payload.buffer.byteLength <= payload.byteLength * 2 + 64) return this.#message
    return (this.#keepable ??= { ...this.#message, payload: new Uint8Array(payload) })
  }

  /** Of the message. */
  get topic(): string {
    return this.#message.topic
  }

  /** @throws whatever is wrong with the message: nothing that keeps it throws after this */
  measure(): void {
    if (this.#isMeasured) return
    messageBytes(this.#message)
    this.#isMeasured = true
  }

  /** @throws whatever is wrong with the message: {@link bytes} throws nothing after this */
  make(protocolVersion: 4 | 5, qos: 0 | 1, retain: boolean): void {
    const slot = slotOf(protocolVersion, qos, retain)
    if (this.#forms[slot] !== undefined) return
    const form = { protocolVersion, qos, retain, expirySeconds: this.#expirySeconds }
    this.#forms[slot] = encodePublish(this.#message, form, 0)
  }

  /** @param packetId - used with QoS 1 only */
  bytes(protocolVersion: 4 | 5, qos: 0 | 1, retain: boolean, packetId: number): Buffer {
    this.make(protocolVersion, qos, retain)
    const slot = slotOf(protocolVersion, qos, retain)
    const made = this.#forms[slot] as Buffer
    if (qos === 0) return made
    // The first receiver gets what was made, and others copies of it.
    const bit = 1 << slot
    const bytes = (this.#given & bit) === 0 ? made : Buffer.from(made)
    this.#given |= bit
    const at = packetIdOffset(bytes)
    bytes[at] = packetId >> 8
    bytes[at + 1] = packetId & 0xff
    return bytes
  }
}

function slotOf(protocolVersion: 4 | 5, qos: 0 | 1, retain: boolean): number {
  return (protocolVersion === 5 ? 4 : 0) + qos * 2 + (retain ? 1 : 0)
}
