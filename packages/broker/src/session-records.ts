/**
 * Persistent sessions and their waiting messages as records, so that they survive a restart.
 */
import { keptJson } from '@muster/model'
import type { BrokerCore } from './broker-core.ts'
import type { Delivery } from './delivery-queue.ts'
import { Session, type Subscription } from './session.ts'
import { parseFilter } from './topic.ts'

const sessionKind = 'mqtt-session'
const deliveryKind = 'mqtt-delivery'

interface SessionRecord {
  readonly protocolVersion: 4 | 5
  readonly expirySeconds: number
  /** null while the client was connected when this was written. */
  readonly disconnectedAtMs: number | null
  readonly versionNumber: number
  readonly subscriptions: readonly {
    readonly filter: string
    readonly qos: 0 | 1
    readonly noLocal: boolean
    readonly retainAsPublished: boolean
  }[]
}

/** A message on its way to one session. */
interface DeliveryRecord {
  readonly clientId: string
  readonly retain: boolean
  readonly shareFilter: string | null
  /** Key of the message's record. */
  readonly message: string
}

/** Writes a persistent session as it stands. */
export function recordSession(core: BrokerCore, session: Session): void {
  const record: SessionRecord = {
    protocolVersion: session.protocolVersion,
    expirySeconds: session.expirySeconds,
    disconnectedAtMs: session.connection === undefined ? session.disconnectedAtMs : null,
    versionNumber: core.clients.get(session.clientId)?.versionNumber ?? 0,
    subscriptions: [...session.subscriptions.values()].map((one) => ({
      filter: one.parsed.filter,
      qos: one.qos,
      noLocal: one.noLocal,
      retainAsPublished: one.retainAsPublished,
    })),
  }
  core.ports.records.put(sessionKind, session.clientId, JSON.stringify(record))
  session.recorded = true
}

export function forgetSession(core: BrokerCore, session: Session): void {
  if (!session.recorded) return
  core.ports.records.delete(sessionKind, session.clientId)
  session.recorded = false
}

/** Writes that a message waits for, or is in flight to, a persistent session. */
export function recordDelivery(core: BrokerCore, session: Session, delivery: Delivery): void {
  const message = core.stored.hold(delivery.message, () => nextKey(core))
  delivery.recordKey = nextKey(core)
  const record: DeliveryRecord = {
    clientId: session.clientId,
    retain: delivery.retain,
    shareFilter: delivery.shareFilter ?? null,
    message,
  }
  core.ports.records.put(deliveryKind, delivery.recordKey, JSON.stringify(record))
}

export function forgetDelivery(core: BrokerCore, delivery: Delivery): void {
  if (delivery.recordKey === undefined) return
  core.ports.records.delete(deliveryKind, delivery.recordKey)
  delivery.recordKey = undefined
  core.stored.release(delivery.message)
}

/** Keys in the order of their making. */
function nextKey(core: BrokerCore): string {
  core.sequence++
  return String(core.sequence).padStart(16, '0')
}

/** What was read back of one session. */
export interface RestoredSession {
  readonly session: Session
  /** undefined when the client was connected as the server stopped. */
  readonly disconnectedAtMs: number | undefined
  readonly versionNumber: number
}

/** Reads all sessions with their subscriptions, then their waiting messages. */
export function restoreSessions(core: BrokerCore): RestoredSession[] {
  const restored: RestoredSession[] = []
  for (const { key, value } of core.ports.records.load(sessionKind)) {
    const record = keptJson<SessionRecord>(value, `record ${sessionKind} ${key}`)
    const session = new Session(key, record.protocolVersion, record.expirySeconds)
    session.recorded = true
    for (const one of record.subscriptions) {
      const parsed = parseFilter(one.filter)
      if (typeof parsed === 'string') continue
      const { qos, noLocal, retainAsPublished } = one
      const subscription: Subscription = { session, parsed, qos, noLocal, retainAsPublished }
      session.subscriptions.set(one.filter, subscription)
      core.index.add(subscription)
    }
    core.sessions.set(key, session)
    const disconnectedAtMs = record.disconnectedAtMs ?? undefined
    restored.push({ session, disconnectedAtMs, versionNumber: record.versionNumber })
  }
  restoreDeliveries(core)
  return restored
}

function restoreDeliveries(core: BrokerCore): void {
  const { records } = core.ports
  for (const key of core.stored.restore()) core.sequence = Math.max(core.sequence, Number(key))
  const rows = [...records.load(deliveryKind)]
  rows.sort((one, other) => (one.key < other.key ? -1 : 1))
  for (const { key, value } of rows) {
    core.sequence = Math.max(core.sequence, Number(key))
    const record = keptJson<DeliveryRecord>(value, `record ${deliveryKind} ${key}`)
    const session = core.sessions.get(record.clientId)
    const message = session === undefined ? undefined : core.stored.take(record.message)
    if (session === undefined || message === undefined) {
      records.delete(deliveryKind, key)
      continue
    }
    session.queue.push({
      message,
      retain: record.retain,
      shareFilter: record.shareFilter ?? undefined,
      sentAtMs: undefined,
      stored: true,
      direct: false,
      recordKey: key,
    })
  }
  core.stored.restored()
}
