/**
 * CONNECT after mqtt-packet: its values checked, the will's properties read in order.
 */
import type { IConnectPacket } from 'mqtt-packet'
import { reasonCode, type ReasonCode } from '../reason-codes.ts'
import { ByteReader } from './byte-reader.ts'
import { isText, isUint } from './parsed-values.ts'
import { readProperties, type PropertySection } from './decode-publish.ts'
import type { ConnectPacket, PacketFault, Will } from './packets.ts'
import { propertyListFault } from './property-list.ts'

/**
 * Looks at protocol name and level before mqtt-packet does.
 *
 * @returns undefined when it is MQTT 3.1.1 or 5
 */
export function protocolFault(bytes: Buffer, bodyStart: number, end: number): PacketFault | 4 | 5 {
  const reader = new ByteReader(bytes, bodyStart, end)
  const name = reader.text()
  const level = reader.byte()
  if (reader.failed || (name !== 'MQTT' && name !== 'MQIsdp')) return fault('not an MQTT CONNECT')
  if (name === 'MQTT' && (level === 4 || level === 5)) return level
  return { ...fault(`protocol \`${name}\` level ${level}`), reason: 'PROTOCOL_VERSION' }
}

/** @param bodyStart - offset of the variable header in `bytes` */
export function decodeConnect(
  parsed: IConnectPacket,
  bytes: Buffer,
  bodyStart: number,
): ConnectPacket | PacketFault {
  const protocolVersion = parsed.protocolVersion === 5 ? 5 : 4
  if (!isText(parsed.clientId, bytes)) return fault('an invalid client identifier')
  if (parsed.username !== undefined && !isText(parsed.username, bytes)) {
    return fault('an invalid user name')
  }
  if (parsed.password !== undefined && parsed.username === undefined && protocolVersion === 4) {
    return fault('a password without a user name') // [MQTT-3.1.2-22]
  }
  const properties = parsed.properties ?? {}
  const { sessionExpiryInterval = 0, receiveMaximum = 65_535, maximumPacketSize } = properties
  if (!isUint(sessionExpiryInterval)) return fault('an invalid session expiry interval')
  if (!isUint(receiveMaximum) || receiveMaximum === 0) {
    return fault('an invalid receive maximum', reasonCode.protocolError)
  }
  if (maximumPacketSize !== undefined && (!isUint(maximumPacketSize) || maximumPacketSize === 0)) {
    return fault('an invalid maximum packet size', reasonCode.protocolError)
  }
  const walked = walk(bytes, bodyStart, protocolVersion)
  if (walked.fault !== undefined) return walked.fault
  if (!walked.ends) return fault('bytes after the last field')
  const will = decodeWill(parsed, bytes, walked.willProperties)
  if (will !== undefined && 'cmd' in will) return will
  return {
    cmd: 'connect',
    protocolVersion,
    clientId: parsed.clientId,
    clean: parsed.clean ?? false,
    keepAliveSeconds: parsed.keepalive ?? 0,
    will,
    sessionExpirySeconds: sessionExpiryInterval,
    receiveMaximum,
    packetBytesMax: maximumPacketSize ?? Infinity,
    problemInformation: properties.requestProblemInformation ?? true,
    authenticationMethod: properties.authenticationMethod,
  }
}

function decodeWill(
  parsed: IConnectPacket,
  bytes: Buffer,
  section: PropertySection | undefined,
): Will | PacketFault | undefined {
  const { will } = parsed
  if (will === undefined) return undefined
  if (!isText(will.topic, bytes)) return fault('an invalid will topic')
  if (will.qos !== 0 && will.qos !== 1 && will.qos !== 2) return fault('a will with QoS 3')
  if (section?.fault !== undefined) return section.fault
  return {
    topic: will.topic,
    payload: Buffer.from(will.payload),
    qos: will.qos,
    retain: will.retain ?? false,
    properties: section?.properties,
    messageExpirySeconds: section?.messageExpirySeconds,
    delaySeconds: section?.delaySeconds ?? 0,
  }
}

/** Bits of the Connect Flags. */
const willFlag = 4
const passwordFlag = 64
const userNameFlag = 128

/** Walks over all fields: checks the properties, reads the will's, sees whether anything follows. */
function walk(
  bytes: Buffer,
  bodyStart: number,
  protocolVersion: 4 | 5,
): {
  readonly fault?: PacketFault
  readonly willProperties: PropertySection | undefined
  readonly ends: boolean
} {
  const reader = new ByteReader(bytes, bodyStart, bytes.byteLength)
  reader.binary() // protocol name
  reader.byte() // protocol level
  const flags = reader.byte()
  reader.uint16() // keep-alive
  if (protocolVersion === 5) {
    const fault = propertyListFault(reader, 'CONNECT')
    if (fault !== undefined) return { fault, willProperties: undefined, ends: true }
  }
  reader.binary() // client identifier
  let willProperties: PropertySection | undefined
  if ((flags & willFlag) !== 0) {
    if (protocolVersion === 5) willProperties = readProperties(reader, true)
    if (willProperties?.fault !== undefined) return { willProperties, ends: true }
    reader.binary() // topic
    reader.binary() // payload
  }
  if ((flags & userNameFlag) !== 0) reader.binary()
  if ((flags & passwordFlag) !== 0) reader.binary()
  return { willProperties, ends: !reader.failed && reader.position === reader.end }
}

function fault(detail: string, code: ReasonCode = reasonCode.malformedPacket): PacketFault {
  return { cmd: 'fault', reasonCode: code, reason: 'MALFORMED', detail }
}
