/**
 * From Publish and SendDirectMessage input to a publication with MQTT 5 properties (gateway G60).
 */
import { accept, refuse, type Outcome } from '@muster/model'

/** MQTT 5 properties that a publication carries to its receivers (gateway G53). */
export interface PublicationProperties {
  readonly payloadFormatIndicator?: 0 | 1
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Uint8Array
  readonly userProperties?: readonly (readonly [name: string, value: string])[]
}

/** A message for the broker. */
export interface HttpPublication {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  readonly retain?: boolean
  readonly properties?: PublicationProperties
  readonly messageExpirySeconds?: number
}

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

/** gateway G31. */
const payloadBytesMax = 131_072
/** gateway G53. */
const contentTypeBytesMax = 256
const correlationDataBytesMax = 8192
const userPropertiesBytesMax = 8192

/** Says what is wrong with a topic name; undefined when nothing is (gateway G30). */
export type TopicFault = (topic: string) => string | undefined

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
  topicFault: TopicFault,
): Outcome<HttpPublication> {
  const { topic = '', payload = new Uint8Array(0), messageExpiry } = input
  const fault = topic.startsWith('$') ? `a reserved topic: '${topic}'` : topicFault(topic)
  if (fault !== undefined) return invalid(`Invalid topic: ${fault}`)
  if (payload.length > payloadBytesMax) {
    return refuse(
      'RequestEntityTooLargeException',
      `The payload has ${payload.length} bytes; at most ${payloadBytesMax} are allowed`,
    )
  }
  if (messageExpiry !== undefined && messageExpiry < 0) {
    return invalid(`messageExpiry must not be negative: ${messageExpiry}`)
  }
  const properties = propertiesOf(input, topicFault)
  if (!properties.ok) return properties
  return accept({
    topic,
    payload,
    ...delivery,
    ...(Object.keys(properties.value).length > 0 ? { properties: properties.value } : {}),
    ...(messageExpiry === undefined ? {} : { messageExpirySeconds: messageExpiry }),
  })
}

function propertiesOf(
  input: PublicationInput,
  topicFault: TopicFault,
): Outcome<PublicationProperties> {
  const { contentType, responseTopic, payloadFormatIndicator, correlationData } = input
  if (contentType !== undefined && Buffer.byteLength(contentType) > contentTypeBytesMax) {
    return invalid(`contentType is above ${contentTypeBytesMax} bytes`)
  }
  if (responseTopic !== undefined) {
    const fault = topicFault(responseTopic)
    if (fault !== undefined) return invalid(`Invalid responseTopic: ${fault}`)
  }
  const correlation = correlationData === undefined ? undefined : base64Bytes(correlationData)
  if (correlation === 'malformed') return invalid('correlationData must be base64')
  if ((correlation?.length ?? 0) > correlationDataBytesMax) {
    return invalid(`correlationData is above ${correlationDataBytesMax} bytes`)
  }
  const user = userPropertiesOf(input.userProperties)
  if (!user.ok) return user
  return accept({
    ...(payloadFormatIndicator === undefined
      ? {}
      : { payloadFormatIndicator: payloadFormatIndicator === 'UTF8_DATA' ? 1 : 0 }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlation === undefined ? {} : { correlationData: correlation }),
    ...(user.value === undefined ? {} : { userProperties: user.value }),
  })
}

/** Reads `[{"name":"value"},…]`, each object with one pair. */
function userPropertiesOf(
  text: string | undefined,
): Outcome<readonly (readonly [string, string])[] | undefined> {
  if (text === undefined) return accept(undefined)
  if (Buffer.byteLength(text) > userPropertiesBytesMax) {
    return invalid(`userProperties are above ${userPropertiesBytesMax} bytes`)
  }
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
      return invalid('userProperties must be a JSON array of objects with one string each')
    }
    pairs.push([entry[0], entry[1]])
  }
  return accept(pairs)
}

function base64Bytes(text: string): Uint8Array | 'malformed' {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : 'malformed'
}

function invalid(message: string): {
  readonly ok: false
  readonly error: { code: string; message: string }
} {
  return { ok: false, error: { code: 'InvalidRequestException', message } }
}
