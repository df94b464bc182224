/**
 * PUBLISH as sent: one message goes to many receivers, so its bytes are made once for each form
 * and only the packet identifier differs.
 */
import type { Message, MessageProperties } from '../message.ts'

/** What differs between receivers of one message. */
export interface PublishForm {
  readonly protocolVersion: 4 | 5
  readonly qos: 0 | 1
  readonly retain: boolean
  /** MQTT 5 Message Expiry Interval left, seconds; undefined when the message never expires. */
  readonly expirySeconds: number | undefined
}

/**
 * Encodes a message in one form.
 *
 * @param packetId - 1 to 65535 with QoS 1, ignored with QoS 0
 */
export function encodePublish(message: Message, form: PublishForm, packetId: number): Buffer {
  const topicBytes = Buffer.byteLength(message.topic)
  const properties =
    form.protocolVersion === 5
      ? encodeProperties(message.properties, form.expirySeconds)
      : undefined
  const remaining =
    2 +
    topicBytes +
    (form.qos === 1 ? 2 : 0) +
    (properties?.byteLength ?? 0) +
    message.payload.byteLength
  const bytes = Buffer.allocUnsafe(1 + variableByteLength(remaining) + remaining)
  bytes[0] = 0x30 | (form.qos << 1) | (form.retain ? 1 : 0)
  let at = writeVariableByteInteger(bytes, 1, remaining)
  bytes[at++] = topicBytes >> 8
  bytes[at++] = topicBytes & 0xff
  at += bytes.write(message.topic, at, topicBytes === message.topic.length ? 'latin1' : 'utf8')
  if (form.qos === 1) {
    bytes[at++] = packetId >> 8
    bytes[at++] = packetId & 0xff
  }
  if (properties !== undefined) {
    bytes.set(properties, at)
    at += properties.byteLength
  }
  bytes.set(message.payload, at)
  return bytes
}

/** Where the packet identifier stands in bytes made by {@link encodePublish} with QoS 1. */
export function packetIdOffset(bytes: Uint8Array): number {
  let at = 1
  while ((bytes[at++] ?? 0) >= 0x80);
  return at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))
}

const noProperties: Uint8Array = Uint8Array.of(0)

function encodeProperties(
  properties: MessageProperties | undefined,
  expirySeconds: number | undefined,
): Uint8Array {
  if (properties === undefined && expirySeconds === undefined) return noProperties
  const parts: Uint8Array[] = []
  if (properties?.payloadFormatIndicator !== undefined) {
    parts.push(Uint8Array.of(1, properties.payloadFormatIndicator))
  }
  if (expirySeconds !== undefined) {
    const four = Buffer.allocUnsafe(5)
    four[0] = 2
    four.writeUInt32BE(expirySeconds, 1)
    parts.push(four)
  }
  if (properties?.contentType !== undefined) parts.push(prefixed(3, properties.contentType))
  if (properties?.responseTopic !== undefined) parts.push(prefixed(8, properties.responseTopic))
  if (properties?.correlationData !== undefined) parts.push(prefixed(9, properties.correlationData))
  for (const [name, value] of properties?.userProperties ?? []) {
    parts.push(prefixed(38, name), prefixed(undefined, value))
  }
  const body = Buffer.concat(parts)
  const section = Buffer.allocUnsafe(variableByteLength(body.byteLength) + body.byteLength)
  section.set(body, writeVariableByteInteger(section, 0, body.byteLength))
  return section
}

/** A property identifier, a two-byte length and the value. */
function prefixed(identifier: number | undefined, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  const head = [bytes.byteLength >> 8, bytes.byteLength & 0xff]
  return Buffer.concat([
    Buffer.from(identifier === undefined ? head : [identifier, ...head]),
    bytes,
  ])
}

function variableByteLength(value: number): number {
  if (value < 128) return 1
  if (value < 16_384) return 2
  return value < 2_097_152 ? 3 : 4
}

function writeVariableByteInteger(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  while (rest > 127) {
    bytes[at++] = (rest & 0x7f) | 0x80
    rest >>= 7
  }
  bytes[at++] = rest
  return at
}
