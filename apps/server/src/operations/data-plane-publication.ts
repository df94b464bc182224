/**
 * From Publish and SendDirectMessage input to a publication with MQTT 5 properties (gateway G60).
 */
import {
  limits,
  topicNameFault,
  userPropertiesBytes,
  type MessageProperties,
  type Publication,
} from '@muster/broker'
import { accept, invalidRequest, type Outcome, present, refuse } from '@muster/model'

/** Members that Publish and SendDirectMessage share, as the schema reads them. */
export interface PublicationInput {
  readonly topic?: string
  readonly payload?: Uint8Array
  readonly contentType?: string
  readonly responseTopic?: string
  readonly payloadFormatIndicator?: string
  readonly correlationData?: string
  /** JSON text; its base64 is undone. */
  readonly userProperties?: string
  readonly messageExpiry?: number
}

/**
 * Makes the publication.
 *
 * Refuses with `InvalidRequestException` a topic that is malformed, too long or begins with `$`
 * (gateway G61, A7) and properties that are malformed or too long, and with
 * `RequestEntityTooLargeException` 413 a payload above 128 KB (G31, G62).
 */
export function publicationOf(
  input: PublicationInput,
  delivery: { readonly qos: 0 | 1; readonly retain?: boolean },
): Outcome<Publication> {
  const { topic = '', payload = new Uint8Array(0), messageExpiry } = input
  const fault = faultOf(topic)
  if (fault !== undefined) return invalidRequest(`Invalid topic: ${fault}`)
  if (payload.length > limits.payloadBytesMax) {
    return refuse(
      'RequestEntityTooLargeException',
      `The payload has ${payload.length} bytes; at most ${limits.payloadBytesMax} are allowed`,
    )
  }
  if (messageExpiry !== undefined && messageExpiry < 0) {
    return invalidRequest(`messageExpiry must not be negative: ${messageExpiry}`)
  }
  const properties = propertiesOf(input)
  if (!properties.ok) return properties
  return accept({
    topic,
    payload,
    ...delivery,
    ...(Object.keys(properties.value).length > 0 ? { properties: properties.value } : {}),
    ...present({ messageExpirySeconds: messageExpiry }),
  })
}

function faultOf(topic: string): string | undefined {
  return topic.startsWith('$') ? `a reserved topic: '${topic}'` : textFault(topic)
}

/** MQTT has no U+0000 in its texts: a receiver would have to disconnect [MQTT-1.5.4-2]. */
function textFault(topic: string): string | undefined {
  return topic.includes('\0') ? 'a topic with a NUL' : topicNameFault(topic)
}

function propertiesOf(input: PublicationInput): Outcome<MessageProperties> {
  const { contentType, responseTopic, payloadFormatIndicator, correlationData } = input
  if (contentType !== undefined && Buffer.byteLength(contentType) > limits.contentTypeBytesMax) {
    return invalidRequest(`contentType is above ${limits.contentTypeBytesMax} bytes`)
  }
  if (contentType?.includes('\0') === true) return invalidRequest('contentType has a NUL')
  if (responseTopic !== undefined) {
    const fault = textFault(responseTopic)
    if (fault !== undefined) return invalidRequest(`Invalid responseTopic: ${fault}`)
  }
  const correlation = correlationData === undefined ? undefined : base64Bytes(correlationData)
  if (correlation === 'malformed') return invalidRequest('correlationData must be base64')
  if ((correlation?.length ?? 0) > limits.correlationDataBytesMax) {
    return invalidRequest(`correlationData is above ${limits.correlationDataBytesMax} bytes`)
  }
  const user = userPropertiesOf(input.userProperties)
  if (!user.ok) return user
  return accept({
    ...(payloadFormatIndicator === undefined
      ? {}
      : { payloadFormatIndicator: payloadFormatIndicator === 'UTF8_DATA' ? 1 : 0 }),
    ...present({
      contentType,
      responseTopic,
      correlationData: correlation,
      userProperties: user.value,
    }),
  })
}

/** Reads `[{"name":"value"},…]`, each object with one pair. */
function userPropertiesOf(
  text: string | undefined,
): Outcome<readonly (readonly [string, string])[] | undefined> {
  if (text === undefined) return accept(undefined)
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    list = undefined
  }
  const pairs: (readonly [string, string])[] = []
  for (const item of Array.isArray(list) ? list : [undefined]) {
    const entries = typeof item === 'object' && item !== null ? Object.entries(item) : []
    const [entry] = entries
    if (entry === undefined || entries.length !== 1 || typeof entry[1] !== 'string') {
      return invalidRequest('userProperties must be a JSON array of objects with one string each')
    }
    const [name, value] = [entry[0], entry[1]]
    if (name.includes('\0') || value.includes('\0'))
      return invalidRequest('userProperties have a NUL')
    pairs.push([name, value])
  }
  // gateway G53: as over MQTT, whatever JSON adds.
  if (userPropertiesBytes(pairs) > limits.userPropertiesBytesMax) {
    return invalidRequest(`userProperties are above ${limits.userPropertiesBytesMax} bytes`)
  }
  return accept(pairs)
}

function base64Bytes(text: string): Uint8Array | 'malformed' {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : 'malformed'
}
