/**
 * Retained messages: one a topic (gateway G37 to G39).
 */
import { keptJson } from '@muster/model'
import { atClock, type BrokerCore, type RetainedMessage } from './broker-core.ts'
import type { Message, MessageProperties } from './message.ts'
import { messageFromRecord, messageToRecord, type MessageRecord } from './message-record.ts'

const retainedKind = 'mqtt-retained'

interface RetainedRecord {
  readonly lastModifiedMs: number
  readonly message: MessageRecord
}

/** A retained message as others see it (gateway G63). */
export interface RetainedView {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  /** Clock time, epoch milliseconds. */
  readonly lastModifiedMs: number
  readonly properties: MessageProperties | undefined
}

export function retainedView({ message, lastModifiedMs }: RetainedMessage): RetainedView {
  const { topic, payload, qos, properties } = message
  return { topic, payload, qos, lastModifiedMs, properties }
}

/** Whether another topic may be retained (gateway G39). */
export function retainedFits(core: BrokerCore, topic: string): boolean {
  return core.retained.size < core.bounds.retainedMessagesMax || core.retained.has(topic)
}

/**
 * Keeps a message as its topic's retained one; an empty payload clears it (gateway G37). Where there
 * are too many it is not kept: who publishes is told before, and a will has nobody to tell.
 */
export function keepRetained(core: BrokerCore, message: Message): void {
  if (message.payload.byteLength === 0) {
    removeRetained(core, message.topic)
    return
  }
  if (!retainedFits(core, message.topic)) {
    core.counts.dropped++
    return
  }
  const kept = { ...message, payload: new Uint8Array(message.payload) }
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
  for (const { key, value } of core.ports.records.load(retainedKind)) {
    const record = keptJson<RetainedRecord>(value, `record ${retainedKind} ${key}`)
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
