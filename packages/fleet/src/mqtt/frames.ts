/**
 * MQTT packets as a client of thousands reads them: in place, the few that come often by hand. Both
 * versions; a server's packets are well formed or the connection is not worth keeping.
 */

/** Packet types by their number. */
export const packetTypes = {
  connack: 2,
  publish: 3,
  puback: 4,
  suback: 9,
  unsuback: 11,
  pingresp: 13,
  disconnect: 14,
} as const

/** The first code that means a failure, in MQTT 5 and in a SUBACK of both versions. */
export const FAILURE = 0x80

/** A message as it arrived. */
export interface IncomingMessage {
  readonly topic: string
  readonly qos: number
  /** 0 with QoS 0. */
  readonly messageId: number
  /** A view of what was read: it does not outlive the call that told of it. */
  readonly payload: Buffer
}

/** Where the packet that begins at `at` has its body, and where it ends; undefined: not whole yet. */
export function frameAt(
  bytes: Buffer,
  at: number,
): { readonly bodyAt: number; readonly end: number } | undefined {
  let remaining = 0
  let position = at + 1
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[position++]
    if (byte === undefined) return undefined
    remaining |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  const end = position + remaining
  return end > bytes.length ? undefined : { bodyAt: position, end }
}

/** Reads a PUBLISH. */
export function publishIn(frame: Buffer, flags: number, version: 4 | 5): IncomingMessage {
  const topicEnd = 2 + frame.readUInt16BE(0)
  const qos = (flags >> 1) & 3
  let at = topicEnd
  let messageId = 0
  if (qos > 0) {
    messageId = frame.readUInt16BE(at)
    at += 2
  }
  if (version === 5) at = afterProperties(frame, at)
  const topic = frame.toString('utf8', 2, topicEnd)
  return { topic, qos, messageId, payload: frame.subarray(at) }
}

/** Reads a PUBACK: what it acknowledges, and MQTT 5's reason, 0 without one. */
export function pubackIn(frame: Buffer): { readonly messageId: number; readonly reason: number } {
  return { messageId: frame.readUInt16BE(0), reason: frame[2] ?? 0 }
}

/** Reads a SUBACK or UNSUBACK: what it acknowledges, and a code for each filter. */
export function subackIn(
  frame: Buffer,
  version: 4 | 5,
): { readonly messageId: number; readonly codes: readonly number[] } {
  const at = version === 5 ? afterProperties(frame, 2) : 2
  return { messageId: frame.readUInt16BE(0), codes: [...frame.subarray(at)] }
}

/** The code of a CONNACK; 0 is an open connection. */
export function connackCode(frame: Buffer): number {
  return frame[1] ?? 0
}

/** Where what follows MQTT 5's properties begins. */
function afterProperties(bytes: Buffer, at: number): number {
  let length = 0
  let position = at
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[position++] ?? 0
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return position + length
}

/** Writes a PUBLISH, with the id 0 where it is QoS 0. */
export function publishFrame(
  topic: string,
  payload: Buffer,
  messageId: number,
  version: 4 | 5,
): Buffer {
  const topicBytes = Buffer.byteLength(topic)
  const idBytes = messageId > 0 ? 2 : 0
  const remaining = 2 + topicBytes + idBytes + (version === 5 ? 1 : 0) + payload.length
  const lengthBytes = remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x200000 ? 3 : 4
  const frame = Buffer.allocUnsafe(1 + lengthBytes + remaining)
  frame[0] = messageId > 0 ? 0x32 : 0x30
  let left = remaining
  let at = 1
  for (; at <= lengthBytes; at++) {
    frame[at] = left >= 0x80 ? (left & 0x7f) | 0x80 : left
    left >>= 7
  }
  frame.writeUInt16BE(topicBytes, at)
  at += 2
  at += frame.write(topic, at)
  if (messageId > 0) {
    frame.writeUInt16BE(messageId, at)
    at += 2
  }
  if (version === 5) frame[at++] = 0
  payload.copy(frame, at)
  return frame
}

/** Writes a PUBACK of success. */
export function pubackFrame(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff])
}
