/**
 * A message as a record.
 */
import { keptJson } from '@muster/model'
import type { Message, MessageProperties } from './message.ts'

export interface MessageRecord {
  readonly topic: string
  /** base64 */
  readonly payload: string
  readonly qos: 0 | 1
  readonly retain: boolean
  readonly expiresAtMs: number | null
  readonly publisherClientId: string | null
  readonly properties:
    | (Omit<MessageProperties, 'correlationData'> & { readonly correlationData?: string })
    | null
}

export function messageToRecord(message: Message): MessageRecord {
  const { correlationData, ...properties } = message.properties ?? {}
  return {
    topic: message.topic,
    payload: base64(message.payload),
    qos: message.qos,
    retain: message.retain,
    expiresAtMs: message.expiresAtMs === Infinity ? null : message.expiresAtMs,
    publisherClientId: message.publisherClientId ?? null,
    properties:
      message.properties === undefined
        ? null
        : {
            ...properties,
            ...(correlationData === undefined ? {} : { correlationData: base64(correlationData) }),
          },
  }
}

export function messageFromRecord(record: MessageRecord): Message {
  const { correlationData, ...properties } = record.properties ?? {}
  return {
    topic: record.topic,
    payload: new Uint8Array(Buffer.from(record.payload, 'base64')),
    qos: record.qos,
    retain: record.retain,
    expiresAtMs: record.expiresAtMs ?? Infinity,
    publisherClientId: record.publisherClientId ?? undefined,
    properties:
      record.properties === null
        ? undefined
        : {
            ...properties,
            ...(correlationData === undefined
              ? {}
              : { correlationData: new Uint8Array(Buffer.from(correlationData, 'base64')) }),
          },
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

const headBytesLength = 4

/**
 * A message as bytes: the length of a head, the head as JSON, and the payload as it is, for a payload
 * may be long and waits for many.
 */
export function encodeMessage(message: Message): Uint8Array {
  const { payload: _, ...head } = messageToRecord({ ...message, payload: new Uint8Array() })
  const text = Buffer.from(JSON.stringify(head))
  const bytes = Buffer.allocUnsafe(headBytesLength + text.length + message.payload.byteLength)
  bytes.writeUInt32BE(text.length)
  text.copy(bytes, headBytesLength)
  bytes.set(message.payload, headBytesLength + text.length)
  return bytes
}

/**
 * What {@link encodeMessage} wrote.
 *
 * @param what - names it when it is damaged
 */
export function decodeMessage(value: string | Uint8Array, what: string): Message {
  const bytes = typeof value === 'string' ? Buffer.alloc(0) : value
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headBytes = bytes.byteLength < headBytesLength ? Infinity : view.getUint32(0)
  const payloadAt = headBytesLength + headBytes
  if (payloadAt > bytes.byteLength) throw new Error(`${what} is damaged: it is no message`)
  const head = keptJson<MessageRecord>(bytes.subarray(headBytesLength, payloadAt), what)
  return { ...messageFromRecord({ ...head, payload: '' }), payload: bytes.subarray(payloadAt) }
}
