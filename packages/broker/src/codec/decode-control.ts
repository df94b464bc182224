/**
 * Every packet but PUBLISH, PUBACK and PINGREQ: parsed by mqtt-packet, then checked, because it
 * lets truncated properties, invalid UTF-8 and packet identifier 0 through (design decision 12).
 */
import { parser, type Packet } from 'mqtt-packet'
import { limits } from '../limits.ts'
import { userPropertiesBytes } from '../message.ts'
import { clientDisconnectCodes, reasonCode, type ReasonCode } from '../reason-codes.ts'
import { ByteReader } from './byte-reader.ts'
import { codedFault } from './coded-packet.ts'
import type { Frame } from './frame-reader.ts'
import { propertyListFault } from './property-list.ts'
import { decodeConnect } from './decode-connect.ts'
import { isText, isUint, userPropertyPairs } from './parsed-values.ts'
import type { InboundPacket, PacketFault, SubscribePacket } from './packets.ts'

/** mqtt-packet's words for packets that only a server sends, or that AWS never accepts. */
const forbidden: ReadonlySet<string> = new Set([
  'connack',
  'suback',
  'unsuback',
  'pingresp',
  'pubrec',
  'pubrel',
  'pubcomp',
  'auth',
])

const forbiddenTypes: ReadonlyMap<number, string> = new Map([
  [2, 'CONNACK'],
  [5, 'PUBREC'],
  [6, 'PUBREL'],
  [7, 'PUBCOMP'],
  [9, 'SUBACK'],
  [11, 'UNSUBACK'],
  [13, 'PINGRESP'],
  [15, 'AUTH'],
])

/** Decodes one whole control packet. */
export function decodeControl(frame: Frame, protocolVersion: 4 | 5): InboundPacket {
  const header = frame.bytes[frame.start] ?? 0
  const name = forbiddenTypes.get(header >> 4)
  if (name !== undefined) return { cmd: 'forbidden', name }
  const bytes = frame.bytes.subarray(frame.start, frame.end)
  const listFault = protocolVersion === 5 ? propertiesFault(header >> 4, frame) : undefined
  if (listFault !== undefined) return listFault
  const parsed = parseOne(bytes, protocolVersion)
  if (typeof parsed === 'string') return fault(`a malformed packet: ${parsed}`)
  if (forbidden.has(parsed.cmd)) return { cmd: 'forbidden', name: parsed.cmd.toUpperCase() }
  const { userProperties } = ('properties' in parsed ? parsed.properties : undefined) ?? {}
  const pairs = userPropertyPairs(userProperties)
  if (pairs === undefined) return fault('a truncated user property')
  if (userPropertiesBytes(pairs) > limits.userPropertiesBytesMax) {
    return fault('user properties above 8192 bytes', reasonCode.quotaExceeded) // gateway G53
  }
  switch (parsed.cmd) {
    case 'connect':
      return decodeConnect(parsed, bytes, frame.bodyStart - frame.start)
    case 'subscribe':
      return decodeSubscribe(parsed, bytes)
    case 'unsubscribe': {
      const filters = parsed.unsubscriptions
      if (badPacketId(parsed.messageId)) return fault('packet identifier 0')
      if (filters.length === 0) return fault('an UNSUBSCRIBE without filters', 130)
      if (!filters.every((filter) => isText(filter, bytes))) return fault('an invalid filter')
      if (filters.includes('')) return fault('an empty filter') // [MQTT-4.7.3-1]
      return { cmd: 'unsubscribe', packetId: parsed.messageId ?? 0, filters }
    }
    case 'disconnect': {
      if (protocolVersion === 4) {
        if (bytes.length !== 2) return fault('a DISCONNECT with a body')
        return { cmd: 'disconnect', reasonCode: 0, sessionExpirySeconds: undefined }
      }
      const expiry = parsed.properties?.sessionExpiryInterval
      if (expiry !== undefined && !isUint(expiry)) return fault('a truncated DISCONNECT')
      return {
        cmd: 'disconnect',
        reasonCode: parsed.reasonCode ?? 0,
        sessionExpirySeconds: expiry,
      }
    }
    default:
      return fault(`packet ${parsed.cmd}`)
  }
}

/** Properties of the packets that have them behind at most a packet identifier. */
function propertiesFault(type: number, frame: Frame): PacketFault | undefined {
  const reader = new ByteReader(frame.bytes, frame.bodyStart, frame.end)
  switch (type) {
    case 8:
    case 10:
      reader.uint16()
      return propertyListFault(reader, type === 8 ? 'SUBSCRIBE' : 'UNSUBSCRIBE')
    case 14:
      return codedFault(reader, 'DISCONNECT', clientDisconnectCodes)
    default:
      return undefined
  }
}

/**
 * Parses exactly one packet.
 *
 * @returns why mqtt-packet refused it, as text
 */
export function parseOne(bytes: Buffer, protocolVersion: 4 | 5): Packet | string {
  const one = parser({ protocolVersion })
  let packet: Packet | undefined
  let refused: string | undefined
  one.on('packet', (found) => {
    packet = found
  })
  one.on('error', (cause: unknown) => {
    refused ??= cause instanceof Error ? cause.message : String(cause)
  })
  try {
    one.parse(bytes)
  } catch (cause) {
    // mqtt-packet indexes past the end of some truncated packets: a RangeError is their refusal.
    return cause instanceof Error ? cause.message : String(cause)
  }
  return refused ?? packet ?? 'a packet that ends early'
}

function decodeSubscribe(
  parsed: Extract<Packet, { cmd: 'subscribe' }>,
  bytes: Buffer,
): SubscribePacket | PacketFault {
  if (badPacketId(parsed.messageId)) return fault('packet identifier 0')
  // [MQTT-3.8.3-3]
  if (parsed.subscriptions.length === 0) return fault('a SUBSCRIBE without filters', 130)
  if (!parsed.subscriptions.every((one) => isText(one.topic, bytes))) {
    return fault('an invalid filter')
  }
  // [MQTT-4.7.3-1]
  if (parsed.subscriptions.some(({ topic }) => topic === '')) return fault('an empty filter')
  return {
    cmd: 'subscribe',
    packetId: parsed.messageId ?? 0,
    subscriptions: parsed.subscriptions.map((one) => ({
      filter: one.topic,
      qos: one.qos,
      noLocal: one.nl ?? false,
      retainAsPublished: one.rap ?? false,
      retainHandling: (one.rh ?? 0) as 0 | 1 | 2,
    })),
    subscriptionIdentifier: parsed.properties?.subscriptionIdentifier !== undefined,
  }
}

function badPacketId(packetId: number | undefined): boolean {
  return packetId === undefined || packetId <= 0
}

function fault(detail: string, code: ReasonCode = reasonCode.malformedPacket): PacketFault {
  return { cmd: 'fault', reasonCode: code, reason: 'MALFORMED', detail }
}
