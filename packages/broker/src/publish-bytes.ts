/**
 * The bytes of one message on its way to many receivers, made once per form.
 */
import { encodePublish, packetIdOffset } from './codec/encode-publish.ts'
import type { Message } from './message.ts'

export class PublishBytes {
  readonly #message: Message
  readonly #expirySeconds: number | undefined
  /** By protocol version, QoS and RETAIN. */
  readonly #forms: (Buffer | undefined)[] = []
  #keepable: Message | undefined

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

  /** @param packetId - used with QoS 1 only */
  bytes(protocolVersion: 4 | 5, qos: 0 | 1, retain: boolean, packetId: number): Buffer {
    const slot = (protocolVersion === 5 ? 4 : 0) + qos * 2 + (retain ? 1 : 0)
    const made = this.#forms[slot]
    if (made === undefined) {
      const form = { protocolVersion, qos, retain, expirySeconds: this.#expirySeconds }
      const bytes = encodePublish(this.#message, form, packetId)
      this.#forms[slot] = bytes
      return bytes
    }
    if (qos === 0) return made
    const copy = Buffer.from(made)
    const at = packetIdOffset(copy)
    copy[at] = packetId >> 8
    copy[at + 1] = packetId & 0xff
    return copy
  }
}
