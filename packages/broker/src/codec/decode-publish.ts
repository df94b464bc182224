/**
 * PUBLISH by hand: it is the packet that counts, and mqtt-packet loses the order of user
 * properties (gateway G53). A differential test holds it against mqtt-packet.
 */
import { limits } from '../limits.ts'
import type { MessageProperties } from '../message.ts'
import { reasonCode, type ReasonCode } from '../reason-codes.ts'
import type { ByteReader } from './byte-reader.ts'
import type { PacketFault, PublishPacket } from './packets.ts'
import { permitFault, property, type Seen } from './property-list.ts'

/** A property section as read; `fault` set when it breaks MQTT or AWS's limits. */
export interface PropertySection {
  properties: MessageProperties | undefined
  messageExpirySeconds: number | undefined
  topicAlias: number | undefined
  delaySeconds: number
  subscriptionIdentifier: boolean
  fault: PacketFault | undefined
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/**
 * Reads a PUBLISH.
 *
 * @param header - first byte of the packet
 * @param reader - at the variable header, ending with the packet
 * @param likelyTopic - the one before, as a device publishes to the same topic again and again
 */
export function decodePublish(
  header: number,
  reader: ByteReader,
  protocolVersion: 4 | 5,
  likelyTopic?: string,
): PublishPacket | PacketFault {
  const qos = (header >> 1) & 3
  if (qos === 3) return fault('a PUBLISH with QoS 3')
  const dup = (header & 8) !== 0
  if (dup && qos === 0) return fault('a PUBLISH with DUP and QoS 0') // [MQTT-3.3.1-2]
  const topic = reader.text(likelyTopic)
  const packetId = qos > 0 ? reader.uint16() : 0
  const section = protocolVersion === 5 ? readProperties(reader, false) : undefined
  if (section?.fault !== undefined) return section.fault
  if (reader.failed) return fault('a PUBLISH that ends early or has an invalid topic')
  if (qos > 0 && packetId === 0) return fault('packet identifier 0') // [MQTT-2.3.1-1]
  if (reader.end - reader.position > limits.payloadBytesMax) {
    const bytes = reader.end - reader.position
    return fault(`a payload of ${bytes} bytes`, reasonCode.quotaExceeded, 'PAYLOAD_LIMIT_EXCEEDED')
  }
  return {
    cmd: 'publish',
    topic,
    payload: reader.bytes.subarray(reader.position, reader.end),
    qos: qos as 0 | 1 | 2,
    retain: (header & 1) !== 0,
    dup,
    packetId,
    properties: section?.properties,
    messageExpirySeconds: section?.messageExpirySeconds,
    topicAlias: section?.topicAlias,
    subscriptionIdentifier: section?.subscriptionIdentifier ?? false,
  }
}

/** Reads a property length and the properties of a PUBLISH, or those of a will. */
export function readProperties(reader: ByteReader, will: boolean): PropertySection {
  const section: PropertySection = {
    properties: undefined,
    messageExpirySeconds: undefined,
    topicAlias: undefined,
    delaySeconds: 0,
    subscriptionIdentifier: false,
    fault: undefined,
  }
  const length = reader.variableByteInteger()
  const end = reader.position + length
  if (reader.failed || end > reader.end) {
    section.fault = fault('a property length past the end of the packet')
    return section
  }
  if (length === 0) return section
  const forwarded: Writable<MessageProperties> = {}
  const userProperties: (readonly [string, string])[] = []
  let userPropertiesBytes = 0
  const place = will ? 'will' : 'PUBLISH'
  const seen: Seen = { low: 0, high: 0 }
  while (reader.position < end && section.fault === undefined) {
    const identifier = reader.byte()
    if (identifier === property.userProperty) {
      const before = reader.position
      userProperties.push([reader.text(), reader.text()])
      userPropertiesBytes += reader.position - before - 4
      continue
    }
    section.fault = permitFault(identifier, place, seen)
    if (section.fault === undefined) readProperty(identifier, reader, section, forwarded)
  }
  if (section.fault !== undefined) return section
  if (reader.failed || reader.position !== end) {
    section.fault = fault('a property that ends past its section')
    return section
  }
  if (userProperties.length > 0) forwarded.userProperties = userProperties
  section.fault = overLimit(forwarded, userPropertiesBytes)
  if (Object.keys(forwarded).length > 0) section.properties = forwarded
  return section
}

function readProperty(
  identifier: number,
  reader: ByteReader,
  section: PropertySection,
  forwarded: Writable<MessageProperties>,
): void {
  switch (identifier) {
    case property.payloadFormatIndicator: {
      const value = reader.byte()
      if (value > 1) section.fault = fault('a payload format indicator above 1', 130)
      else forwarded.payloadFormatIndicator = value === 1 ? 1 : 0
      return
    }
    case property.messageExpiryInterval:
      section.messageExpirySeconds = reader.uint32()
      return
    case property.contentType:
      forwarded.contentType = reader.text()
      return
    case property.responseTopic:
      forwarded.responseTopic = reader.text()
      return
    case property.correlationData:
      forwarded.correlationData = new Uint8Array(reader.binary())
      return
    case property.subscriptionIdentifier:
      reader.variableByteInteger()
      section.subscriptionIdentifier = true
      return
    case property.willDelayInterval:
      section.delaySeconds = reader.uint32()
      return
    default:
      section.topicAlias = reader.uint16()
  }
}

/** gateway G53. */
function overLimit(properties: MessageProperties, userBytes: number): PacketFault | undefined {
  const { contentType, correlationData, responseTopic } = properties
  if (contentType !== undefined && Buffer.byteLength(contentType) > limits.contentTypeBytesMax) {
    return fault('a content type above 256 bytes', reasonCode.quotaExceeded)
  }
  if ((correlationData?.byteLength ?? 0) > limits.correlationDataBytesMax) {
    return fault('correlation data above 8192 bytes', reasonCode.quotaExceeded)
  }
  if (userBytes > limits.userPropertiesBytesMax) {
    return fault('user properties above 8192 bytes', reasonCode.quotaExceeded)
  }
  if (responseTopic !== undefined && (responseTopic === '' || /[+#]/.test(responseTopic))) {
    return fault(`response topic \`${responseTopic}\``, reasonCode.protocolError)
  }
  return undefined
}

function fault(
  detail: string,
  code: ReasonCode = reasonCode.malformedPacket,
  reason: PacketFault['reason'] = 'MALFORMED',
): PacketFault {
  return { cmd: 'fault', reasonCode: code, reason, detail }
}
