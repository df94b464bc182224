/** The reserved topics of streams (neighbours N80). */

/** How payloads are written: the last level of a topic. */
export type PayloadFormat = 'json' | 'cbor'

/** A request topic, read. */
export interface StreamTopic {
  readonly request: 'describe' | 'get'
  readonly thingName: string
  readonly streamId: string
  readonly format: PayloadFormat
  /** Whether a thing and a stream can have these names. */
  readonly isWellNamed: boolean
}

const REQUEST = /^\$aws\/things\/([^/]+)\/streams\/([^/]+)\/(describe|get)\/(json|cbor)$/
const THING = /^[a-zA-Z0-9:_-]{1,128}$/
const STREAM = /^[a-zA-Z0-9_-]{1,128}$/

/** @returns undefined for a topic that is no request: those of answers, and `create` (neighbours N80) */
export function parseStreamTopic(topic: string): StreamTopic | undefined {
  const [, thingName = '', streamId = '', request, format] = REQUEST.exec(topic) ?? []
  if (request !== 'describe' && request !== 'get') return undefined
  if (format !== 'json' && format !== 'cbor') return undefined
  const isWellNamed = THING.test(thingName) && STREAM.test(streamId)
  return { request, thingName, streamId, format, isWellNamed }
}

/** Where an answer goes. */
export function answerTopic(
  { thingName, streamId, format }: StreamTopic,
  answer: 'description' | 'data' | 'rejected',
): string {
  return `$aws/things/${thingName}/streams/${streamId}/${answer}/${format}`
}
