/**
 * A message on its way from a publisher to its receivers.
 */

/** MQTT 5 properties that are forwarded unchanged (gateway G53). */
export interface MessageProperties {
  /** 0 unspecified bytes, 1 UTF-8. */
  readonly payloadFormatIndicator?: 0 | 1
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Uint8Array
  /** In the order sent; names may repeat. */
  readonly userProperties?: readonly (readonly [name: string, value: string])[]
}

/** The same properties with further user properties behind the publisher's own (gateway G132). */
export function withUserProperties(
  properties: MessageProperties | undefined,
  more: readonly (readonly [string, string])[] | undefined,
): MessageProperties | undefined {
  if (more === undefined || more.length === 0) return properties
  return { ...properties, userProperties: [...(properties?.userProperties ?? []), ...more] }
}

/** What a publisher hands over: a client's PUBLISH, a service's event, an HTTPS publish. */
export interface Publication {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  /** Keep it as the topic's retained message. Default false. */
  readonly retain?: boolean
  readonly properties?: MessageProperties | undefined
  /** gateway G54: 0 counts as 1, at most 604800. Absent: never expires. */
  readonly messageExpirySeconds?: number | undefined
}

/** A publication inside the broker. */
export interface Message {
  readonly topic: string
  readonly payload: Uint8Array
  /** As published. */
  readonly qos: 0 | 1
  /** As published; what a receiver sees is decided per delivery (gateway G38, G56). */
  readonly retain: boolean
  readonly properties: MessageProperties | undefined
  /** Clock time, epoch milliseconds; Infinity when it never expires. */
  readonly expiresAtMs: number
  /** Client that published it, for No Local; undefined for the service's own. */
  readonly publisherClientId: string | undefined
}

/** What a message takes of a queue's bound: topic, payload and properties, bytes. */
export function messageBytes({ topic, payload, properties }: Message): number {
  const bytes = Buffer.byteLength(topic) + payload.byteLength
  return properties === undefined ? bytes : bytes + propertiesBytes(properties)
}

function propertiesBytes(properties: MessageProperties): number {
  const { contentType = '', responseTopic = '', correlationData, userProperties } = properties
  let bytes = Buffer.byteLength(contentType) + Buffer.byteLength(responseTopic)
  bytes += correlationData?.byteLength ?? 0
  return userProperties === undefined ? bytes : bytes + userPropertiesBytes(userProperties)
}

/** Names and values of user properties, bytes: what gateway G53 limits. */
export function userPropertiesBytes(
  pairs: readonly (readonly [name: string, value: string])[],
): number {
  let bytes = 0
  for (const [name, value] of pairs) bytes += Buffer.byteLength(name) + Buffer.byteLength(value)
  return bytes
}
