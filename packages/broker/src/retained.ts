/**
 * Retained messages: one a topic (gateway G37 to G39).
 */
import { accept, refuse, type Outcome } from '@muster/model'
import { atClock, type BrokerCore, type RetainedMessage } from './broker-core.ts'
import { limits } from './limits.ts'
import type { Message } from './message.ts'
import { messageFromRecord, messageToRecord, type MessageRecord } from './message-record.ts'

const retainedKind = 'mqtt-retained'

interface RetainedRecord {
  readonly lastModifiedMs: number
  readonly message: MessageRecord
}

/** Members as in the SDK's GetRetainedMessageResponse; `userProperties` are still pairs. */
export interface RetainedTopic {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  /** Epoch milliseconds. */
  readonly lastModifiedTime: number
  readonly userProperties?: readonly (readonly [name: string, value: string])[]
}

export interface ListRetainedRequest {
  readonly nextToken?: string | undefined
  /** 1 to 200, default 20. */
  readonly maxResults?: number | undefined
}

/** Members as in the SDK's ListRetainedMessagesResponse. */
export interface RetainedPage {
  readonly retainedTopics: readonly {
    readonly topic: string
    readonly payloadSize: number
    readonly qos: 0 | 1
    readonly lastModifiedTime: number
  }[]
  readonly nextToken?: string
}

/** gateway G63. */
export function getRetained(core: BrokerCore, topic: string): Outcome<RetainedTopic> {
  const retained = core.retained.get(topic)
  if (retained === undefined) {
    return refuse('ResourceNotFoundException', `no retained message on topic \`${topic}\``)
  }
  const { payload, qos, properties } = retained.message
  const userProperties = properties?.userProperties
  return accept({
    topic,
    payload,
    qos,
    lastModifiedTime: retained.lastModifiedMs,
    ...(userProperties === undefined ? {} : { userProperties }),
  })
}

/** gateway G63; pages go by topic, so that changes between pages lose and repeat nothing else. */
export function listRetained(
  core: BrokerCore,
  { nextToken, maxResults = 20 }: ListRetainedRequest,
): Outcome<RetainedPage> {
  const after = nextToken === undefined ? undefined : fromToken(nextToken)
  if (nextToken !== undefined && after === undefined) {
    return refuse('InvalidRequestException', `nextToken \`${nextToken}\` is not one of ours`)
  }
  const topics = [...core.retained.keys()]
    .filter((topic) => after === undefined || topic > after)
    .sort()
  const page = topics.slice(0, maxResults)
  const retainedTopics = page.flatMap((topic) => {
    const retained = core.retained.get(topic)
    if (retained === undefined) return []
    const { payload, qos } = retained.message
    const { lastModifiedMs: lastModifiedTime } = retained
    return [{ topic, payloadSize: payload.byteLength, qos, lastModifiedTime }]
  })
  const last = page.at(-1)
  if (last === undefined || page.length === topics.length) return accept({ retainedTopics })
  return accept({ retainedTopics, nextToken: Buffer.from(last).toString('base64url') })
}

function fromToken(token: string): string | undefined {
  const topic = Buffer.from(token, 'base64url').toString()
  return topic !== '' && Buffer.from(topic).toString('base64url') === token ? topic : undefined
}

/** Whether another topic may be retained (gateway G39). */
export function retainedFits(core: BrokerCore, topic: string): boolean {
  return core.retained.size < limits.retainedMessagesMax || core.retained.has(topic)
}

/** Keeps a message as its topic's retained one; an empty payload clears it (gateway G37). */
export function keepRetained(core: BrokerCore, message: Message): void {
  if (message.payload.byteLength === 0) {
    removeRetained(core, message.topic)
    return
  }
  const kept = { ...message, payload: Uint8Array.from(message.payload) }
  const lastModifiedMs = core.ports.time.nowMs()
  hold(core, kept, lastModifiedMs)
  const record: RetainedRecord = { lastModifiedMs, message: messageToRecord(kept) }
  core.ports.records.put(retainedKind, message.topic, JSON.stringify(record))
}

export function removeRetained(core: BrokerCore, topic: string): void {
  const retained = core.retained.get(topic)
  if (retained === undefined) return
  core.due.remove(retained.expiry)
  core.retained.delete(topic)
  core.ports.records.delete(retainedKind, topic)
}

/** Reads all retained messages; those that expired meanwhile go. */
export function restoreRetained(core: BrokerCore): void {
  for (const { value } of core.ports.records.load(retainedKind)) {
    const text = typeof value === 'string' ? value : Buffer.from(value).toString()
    const record = JSON.parse(text) as RetainedRecord
    hold(core, messageFromRecord(record.message), record.lastModifiedMs)
  }
}

function hold(core: BrokerCore, message: Message, lastModifiedMs: number): void {
  core.due.remove(core.retained.get(message.topic)?.expiry)
  const expiry =
    message.expiresAtMs === Infinity
      ? undefined
      : atClock(core, message.expiresAtMs, () => removeRetained(core, message.topic))
  const retained: RetainedMessage = { message, lastModifiedMs, expiry }
  core.retained.set(message.topic, retained)
}
