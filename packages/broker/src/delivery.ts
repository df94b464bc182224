/**
 * Messages to one session: sent, in flight, waiting, acknowledged (gateway G24 to G27).
 */
import { atWall, type BrokerCore } from './broker-core.ts'
import type { Connection } from './connection.ts'
import { isEncodable } from './encodable.ts'
import type { Ending } from './end-connection.ts'
import { hints } from './hints.ts'
import { limits } from './limits.ts'
import type { Message } from './message.ts'
import { PublishBytes } from './publish-bytes.ts'
import type { RateQuotas } from './rate-quotas.ts'
import { reasonCode } from './reason-codes.ts'
import type { Delivery, DeliveryQueue } from './delivery-queue.ts'
import type { Session } from './session.ts'
import { forgetDelivery, recordDelivery } from './session-records.ts'

/** How one message reaches one session. */
export interface DeliveryTerms {
  readonly qos: 0 | 1
  readonly retain: boolean
  /** The `$share/…` filter it comes by. */
  readonly shareFilter: string | undefined
  /**
   * A reply to a request or a message to one client (gateway G47, G66): for this connection alone,
   * before whatever else waits for the client.
   */
  readonly direct: boolean
  readonly settled?: (acknowledged: boolean) => void
}

/**
 * Delivers a message, or keeps it for an absent or busy client.
 *
 * @param bytes - shared by all receivers of the message
 * @returns false where the client may not receive it, or it was dropped
 */
export function deliver(
  core: BrokerCore,
  session: Session,
  message: Message,
  terms: DeliveryTerms,
  bytes: PublishBytes,
): boolean {
  const { connection } = session
  if (connection !== undefined) {
    // authz G5: asked for every delivery; a denial is silent.
    const may = connection.authorizer?.receive(message.topic, terms.shareFilter) ?? false
    if (!may) {
      core.counts.denied++
      terms.settled?.(false)
      return false
    }
  }
  if (core.rates !== undefined && !withinRates(core, core.rates, connection, session, terms)) {
    core.counts.dropped++
    terms.settled?.(false)
    return false
  }
  if (connection === undefined && (terms.qos === 0 || !session.persistent)) return false
  if (!isEncodable(core, session, terms, bytes)) {
    core.counts.dropped++
    terms.settled?.(false)
    return false
  }
  if (connection !== undefined && terms.qos === 0) {
    return sendQos0(core, connection, session, terms.retain, bytes)
  }
  const delivery: Delivery = {
    message: bytes.keepable,
    retain: terms.retain,
    shareFilter: terms.shareFilter,
    sentAtMs: undefined,
    stored: connection === undefined,
    direct: terms.direct,
    recordKey: undefined,
    ...(terms.settled === undefined ? {} : { settled: terms.settled }),
  }
  if (!terms.direct && session.persistent) recordDelivery(core, session, delivery)
  const queue = terms.direct ? session.replies : session.queue
  if (connection !== undefined && queue.length === 0 && mayFly(core, connection, session)) {
    fly(core, connection, session, delivery, bytes)
    return true
  }
  return enqueue(core, session, queue, delivery)
}

/** The client acknowledged a delivery; an unknown packet identifier is ignored (gateway G26). */
export function acknowledge(core: BrokerCore, session: Session, packetId: number): void {
  const delivery = session.inflight.get(packetId)
  if (delivery === undefined) return
  session.inflight.delete(packetId)
  settle(core, delivery, true)
  if (session.queue.length > 0 || session.replies.length > 0) drain(core, session)
}

/** Sends what waits, as far as the window, the socket and the pace allow. */
export function drain(core: BrokerCore, session: Session): void {
  const { connection } = session
  if (connection === undefined || connection.closed) return
  const nowMs = core.ports.time.nowMs()
  for (;;) {
    const queue = session.replies.length > 0 ? session.replies : session.queue
    const next = queue.first
    if (next === undefined || !mayFly(core, connection, session)) return
    if (next.message.expiresAtMs <= nowMs || outOfWindow(session, next, nowMs)) {
      queue.shift()
      drop(core, next)
      continue
    }
    if (next.stored && !paced(core, connection, session, next)) return
    queue.shift()
    // The client was away when the message came: it may receive what it may receive now.
    if (connection.authorizer?.receive(next.message.topic, next.shareFilter) !== true) {
      core.counts.denied++
      settle(core, next, false)
      continue
    }
    const bytes = new PublishBytes(next.message, nowMs)
    if (!isEncodable(core, session, { qos: 1, retain: next.retain }, bytes)) {
      drop(core, next)
      return
    }
    fly(core, connection, session, next, bytes)
  }
}

/**
 * The client left: what it did not acknowledge waits before everything else. What was for the
 * connection goes with it: whoever is next under the client identifier may be somebody else.
 */
export function returnInflight(core: BrokerCore, session: Session): void {
  const unacknowledged: Delivery[] = []
  for (const delivery of session.inflight.values()) {
    if (delivery.direct) {
      drop(core, delivery)
      continue
    }
    delivery.stored = true
    unacknowledged.push(delivery)
  }
  session.inflight.clear()
  discard(core, session.replies)
  if (unacknowledged.length > 0) session.queue.putBack(unacknowledged)
}

/** Forgets everything that waits, with its records. */
export function discardDeliveries(core: BrokerCore, session: Session): void {
  for (const delivery of session.inflight.values()) settle(core, delivery, false)
  session.inflight.clear()
  discard(core, session.replies)
  discard(core, session.queue)
}

function discard(core: BrokerCore, queue: DeliveryQueue): void {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    settle(core, next, false)
  }
}

/** gateway G25: intake of waiting messages; G35: publishes to a connection. */
function withinRates(
  core: BrokerCore,
  quotas: RateQuotas,
  connection: Connection | undefined,
  session: Session,
  terms: DeliveryTerms,
): boolean {
  const wallMs = core.ports.time.wallMs()
  if (connection !== undefined) {
    return connection.publishes?.take(wallMs) !== false && quotas.publishesOut.take(wallMs)
  }
  return terms.qos === 0 || !session.persistent || quotas.queued.take(wallMs)
}

function sendQos0(
  core: BrokerCore,
  connection: Connection,
  session: Session,
  retain: boolean,
  bytes: PublishBytes,
): boolean {
  const { accepted, transport } = connection
  if (accepted === undefined) return false
  const packet = bytes.bytes(session.protocolVersion, 0, retain, 0)
  const slow = transport.bufferedBytes > core.bounds.bufferedBytesMax
  if (slow || packet.byteLength > accepted.packetBytesMax) {
    core.counts.dropped++
    return false
  }
  core.counts.publishesOut++
  transport.send(packet)
  return true
}

function fly(
  core: BrokerCore,
  connection: Connection,
  session: Session,
  delivery: Delivery,
  bytes: PublishBytes,
): void {
  const packetId = session.nextPacketId()
  const packet = bytes.bytes(session.protocolVersion, 1, delivery.retain, packetId)
  // [MQTT-3.1.2-25]: a packet above the client's maximum is treated as sent and acknowledged.
  if (packet.byteLength > (connection.accepted?.packetBytesMax ?? 0)) {
    drop(core, delivery)
    return
  }
  delivery.sentAtMs ??= core.ports.time.nowMs()
  session.inflight.set(packetId, delivery)
  core.counts.publishesOut++
  connection.transport.send(packet)
}

function enqueue(
  core: BrokerCore,
  session: Session,
  queue: DeliveryQueue,
  delivery: Delivery,
): boolean {
  const { connection } = session
  if (isFull(core, queue)) {
    for (const expired of queue.takeExpired(core.ports.time.nowMs())) drop(core, expired)
  }
  if (!isFull(core, queue)) {
    queue.push(delivery)
    if (connection !== undefined) drain(core, session)
    return true
  }
  drop(core, delivery)
  // A client that takes what it is sent and waits for the pace of its backlog is not slow.
  if (connection !== undefined && !mayFly(core, connection, session)) {
    core.ending.set(connection, tooSlow)
  }
  return false
}

const slowDetail = 'the client does not take its messages'

const tooSlow: Ending = {
  reason: 'THROTTLED',
  code: reasonCode.quotaExceeded,
  detail: slowDetail,
  refused: { packet: 'DISCONNECT', reason: 'THROTTLED', detail: slowDetail, hint: hints.slow },
}

/** Whether a session, or the account, holds as much as it may. */
function isFull(core: BrokerCore, queue: DeliveryQueue): boolean {
  const { bounds, stored } = core
  return (
    queue.length >= bounds.queuedMessagesMax ||
    queue.bytes >= bounds.queuedBytesMax ||
    stored.references > bounds.accountDeliveriesMax ||
    stored.bytes > bounds.accountBytesMax
  )
}

function mayFly(core: BrokerCore, connection: Connection, session: Session): boolean {
  const { accepted, transport } = connection
  if (accepted === undefined) return false
  if (transport.bufferedBytes > core.bounds.bufferedBytesMax) return false
  const window = Math.min(limits.inflightMax, accepted.receiveMaximum)
  if (session.inflight.size >= window) dropOutOfWindow(core, session)
  return session.inflight.size < window
}

/** gateway G26: what a connected client leaves unacknowledged does not hold its place for ever. */
function dropOutOfWindow(core: BrokerCore, session: Session): void {
  const nowMs = core.ports.time.nowMs()
  for (const [packetId, delivery] of session.inflight) {
    // In the order of their sending: the rest is younger.
    if (!outOfWindow(session, delivery, nowMs)) return
    session.inflight.delete(packetId)
    drop(core, delivery)
  }
}

/** gateway G24: stored messages leave at most ten (shared: twenty) a second, on wall time. */
function paced(
  core: BrokerCore,
  connection: Connection,
  session: Session,
  delivery: Delivery,
): boolean {
  const wallMs = core.ports.time.wallMs()
  if (wallMs < connection.nextStoredAtWallMs) {
    connection.drain ??= atWall(core, connection.nextStoredAtWallMs, () => {
      connection.drain = undefined
      drain(core, session)
    })
    return false
  }
  const perSecond =
    delivery.shareFilter === undefined
      ? limits.storedDeliveriesPerSecond
      : limits.storedSharedDeliveriesPerSecond
  connection.nextStoredAtWallMs = wallMs + 1000 / perSecond
  return true
}

function outOfWindow(session: Session, delivery: Delivery, nowMs: number): boolean {
  const windowMs = session.protocolVersion === 4 ? limits.retryWindowMsV3 : limits.retryWindowMsV5
  return delivery.sentAtMs !== undefined && nowMs - delivery.sentAtMs > windowMs
}

/** Given up: counted, and settled as not acknowledged. */
function drop(core: BrokerCore, delivery: Delivery): void {
  core.counts.dropped++
  settle(core, delivery, false)
}

function settle(core: BrokerCore, delivery: Delivery, acknowledged: boolean): void {
  forgetDelivery(core, delivery)
  delivery.settled?.(acknowledged)
}
