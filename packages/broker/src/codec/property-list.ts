/**
 * MQTT 5 properties of packets that a client sends (MQTT 5 section 2.2.2.2): one table of which may
 * stand in which packet and how often, and the reading of a list that is held against it.
 */
import { reasonCode, type ReasonCode } from '../reason-codes.ts'
import type { ByteReader } from './byte-reader.ts'
import type { PacketFault } from './packets.ts'

/** Where a client sends properties. */
export type PropertyPlace =
  | 'CONNECT'
  | 'will'
  | 'PUBLISH'
  | 'PUBACK'
  | 'SUBSCRIBE'
  | 'UNSUBSCRIBE'
  | 'DISCONNECT'

/** How a value is written; a flag is a byte of 0 or 1, a count an integer that is not 0. */
type Value =
  | 'flag'
  | 'uint16'
  | 'count16'
  | 'uint32'
  | 'count32'
  | 'variable'
  | 'text'
  | 'binary'
  | 'pair'

interface Property {
  readonly name: string
  readonly value: Value
  /** Packets that may have it, once. */
  readonly once?: readonly PropertyPlace[]
  /** Packets that may have it any number of times. */
  readonly often?: readonly PropertyPlace[]
}

/** Identifiers that code speaks of. */
export const property = {
  payloadFormatIndicator: 1,
  messageExpiryInterval: 2,
  contentType: 3,
  responseTopic: 8,
  correlationData: 9,
  subscriptionIdentifier: 11,
  willDelayInterval: 24,
  topicAlias: 35,
  userProperty: 38,
} as const

const everywhere: readonly PropertyPlace[] = [
  'CONNECT',
  'will',
  'PUBLISH',
  'PUBACK',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'DISCONNECT',
]
const message: readonly PropertyPlace[] = ['PUBLISH', 'will']

/** MQTT 5 table 2-4. What stands in no packet of a client is a server's to send. */
const table: Readonly<Record<number, Property>> = {
  1: { name: 'Payload Format Indicator', value: 'flag', once: message },
  2: { name: 'Message Expiry Interval', value: 'uint32', once: message },
  3: { name: 'Content Type', value: 'text', once: message },
  8: { name: 'Response Topic', value: 'text', once: message },
  9: { name: 'Correlation Data', value: 'binary', once: message },
  // In a PUBLISH it is a server's; there it is read, and refused in words of its own (gateway G52).
  11: {
    name: 'Subscription Identifier',
    value: 'variable',
    once: ['SUBSCRIBE'],
    often: ['PUBLISH'],
  },
  17: { name: 'Session Expiry Interval', value: 'uint32', once: ['CONNECT', 'DISCONNECT'] },
  18: { name: 'Assigned Client Identifier', value: 'text' },
  19: { name: 'Server Keep Alive', value: 'uint16' },
  21: { name: 'Authentication Method', value: 'text', once: ['CONNECT'] },
  22: { name: 'Authentication Data', value: 'binary', once: ['CONNECT'] },
  23: { name: 'Request Problem Information', value: 'flag', once: ['CONNECT'] },
  24: { name: 'Will Delay Interval', value: 'uint32', once: ['will'] },
  25: { name: 'Request Response Information', value: 'flag', once: ['CONNECT'] },
  26: { name: 'Response Information', value: 'text' },
  28: { name: 'Server Reference', value: 'text', once: ['DISCONNECT'] },
  31: { name: 'Reason String', value: 'text', once: ['PUBACK', 'DISCONNECT'] },
  33: { name: 'Receive Maximum', value: 'count16', once: ['CONNECT'] },
  34: { name: 'Topic Alias Maximum', value: 'uint16', once: ['CONNECT'] },
  35: { name: 'Topic Alias', value: 'uint16', once: ['PUBLISH'] },
  36: { name: 'Maximum QoS', value: 'flag' },
  37: { name: 'Retain Available', value: 'flag' },
  38: { name: 'User Property', value: 'pair', often: everywhere },
  39: { name: 'Maximum Packet Size', value: 'count32', once: ['CONNECT'] },
  40: { name: 'Wildcard Subscription Available', value: 'flag' },
  41: { name: 'Subscription Identifier Available', value: 'flag' },
  42: { name: 'Shared Subscription Available', value: 'flag' },
}

/** By place and identifier: 0 never, 1 once, 2 often. Read for every property of a PUBLISH. */
const permits: Readonly<Record<PropertyPlace, Uint8Array>> = Object.fromEntries(
  everywhere.map((place) => {
    const permit = new Uint8Array(256)
    for (const [identifier, { once = [], often = [] }] of Object.entries(table)) {
      permit[Number(identifier)] = often.includes(place) ? 2 : Number(once.includes(place))
    }
    return [place, permit]
  }),
) as unknown as Record<PropertyPlace, Uint8Array>

/** Which identifiers a list has had so far; those of MQTT 5 are below 64. */
export interface Seen {
  low: number
  high: number
}

/**
 * Whether a property may stand here, after those that were seen; it is seen from then on.
 *
 * @returns why it may not
 */
export function permitFault(
  identifier: number,
  place: PropertyPlace,
  seen: Seen,
): PacketFault | undefined {
  const permit = permits[place][identifier]
  if (permit === 2) return undefined
  if (permit !== 1) return fault(`${nameOf(identifier)} in ${article(place)}`)
  const bit = 1 << (identifier & 31)
  const half = identifier < 32 ? 'low' : 'high'
  if ((seen[half] & bit) !== 0) {
    return fault(`${nameOf(identifier)} twice in ${article(place)}`, reasonCode.protocolError)
  }
  seen[half] |= bit
  return undefined
}

/**
 * Reads a property list, its length first, and leaves the reader behind it. Values are looked at and
 * dropped: who needs them reads them elsewhere.
 *
 * @returns why the list is none of this packet's
 */
export function propertyListFault(
  reader: ByteReader,
  place: PropertyPlace,
): PacketFault | undefined {
  const length = reader.variableByteInteger()
  const end = reader.position + length
  if (reader.failed || end > reader.end)
    return fault('a property length past the end of the packet')
  const seen: Seen = { low: 0, high: 0 }
  let method = false
  let data = false
  while (reader.position < end) {
    const identifier = reader.byte()
    const refused = permitFault(identifier, place, seen)
    if (refused !== undefined) return refused
    const wrong = valueFault(reader, table[identifier]?.value)
    if (reader.failed || reader.position > end) break
    if (wrong !== undefined) {
      return fault(`${nameOf(identifier)} ${wrong}`, reasonCode.protocolError)
    }
    method ||= identifier === 21
    data ||= identifier === 22
  }
  if (reader.failed || reader.position !== end)
    return fault('a property that ends past its section')
  if (data && !method) {
    // MQTT 5 section 3.1.2.11.10
    return fault('Authentication Data without a method', reasonCode.protocolError)
  }
  return undefined
}

/** Reads one value; what is wrong with it, when MQTT knows no such value. */
function valueFault(reader: ByteReader, value: Value | undefined): string | undefined {
  switch (value) {
    case 'flag':
      return reader.byte() > 1 ? 'above 1' : undefined
    case 'uint16':
      reader.uint16()
      return undefined
    case 'count16':
      return reader.uint16() === 0 ? '0' : undefined
    case 'uint32':
      reader.uint32()
      return undefined
    case 'count32':
      return reader.uint32() === 0 ? '0' : undefined
    case 'variable':
      return reader.variableByteInteger() === 0 ? '0' : undefined
    case 'text':
      reader.text()
      return undefined
    case 'binary':
      reader.binary()
      return undefined
    case 'pair':
      reader.text()
      reader.text()
      return undefined
    case undefined:
      return 'unknown'
  }
}

function nameOf(identifier: number): string {
  return table[identifier]?.name ?? `property ${identifier}`
}

function article(place: PropertyPlace): string {
  return /^[UE]/.test(place) ? `an ${place}` : `a ${place}`
}

function fault(detail: string, code: ReasonCode = reasonCode.malformedPacket): PacketFault {
  return { cmd: 'fault', reasonCode: code, reason: 'MALFORMED', detail }
}
