/**
 * SUBSCRIBE (gateway G30, G33, G38, G40 to G44; authz G4, G6, G14).
 */
import { log, type BrokerCore } from './broker-core.ts'
import { encodeSuback } from './codec/encode.ts'
import type { SubscribePacket, SubscriptionRequest } from './codec/packets.ts'
import type { Accepted, Connection } from './connection.ts'
import { deliver } from './delivery.ts'
import { clientError, endConnection, type Ending } from './end-connection.ts'
import { limits } from './limits.ts'
import { publishSubscriptions } from './presence.ts'
import { PublishBytes } from './publish-bytes.ts'
import { reasonCode } from './reason-codes.ts'
import { hints } from './hints.ts'
import { tellRefused } from './refused.ts'
import { reservedFilterFault } from './reserved-topics.ts'
import { recordSession } from './session-records.ts'
import type { Subscription } from './session.ts'
import { parseFilter } from './topic.ts'

/** What one filter of a SUBSCRIBE comes to. */
type Judgement =
  | { readonly kind: 'granted'; readonly subscription: Subscription; readonly isNew: boolean }
  | { readonly kind: 'failed'; readonly code: number }
  | { readonly kind: 'ends'; readonly ending: Ending }

export function handleSubscribe(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  packet: SubscribePacket,
): void {
  const ending = packetFault(packet) ?? tooManyFilters('SUBSCRIBE', packet.subscriptions.length)
  if (ending !== undefined) {
    endConnection(core, connection, ending)
    return
  }
  const { protocolVersion, session } = accepted
  if (core.rates?.subscribes.take(core.ports.time.wallMs()) === false) {
    const detail = 'a SUBSCRIBE above its rate'
    const { subscribeRate: hint } = hints
    tellRefused(core, connection, { packet: 'SUBSCRIBE', reason: 'THROTTLED', detail, hint })
    const tooMany = protocolVersion === 5 ? reasonCode.quotaExceeded : 0x80
    const codes = packet.subscriptions.map(() => tooMany)
    connection.transport.send(encodeSuback(protocolVersion, packet.packetId, codes))
    return
  }
  const granted: { request: SubscriptionRequest; subscription: Subscription; isNew: boolean }[] = []
  const codes: number[] = []
  let reasonString: string | undefined
  for (const request of packet.subscriptions) {
    const judgement = judge(core, connection, accepted, request, (text) => {
      reasonString = text
    })
    if (judgement.kind === 'ends') {
      // What this packet added so far goes again: the client never learns of it.
      for (const one of granted) undo(core, one.subscription, one.isNew)
      endConnection(core, connection, judgement.ending)
      return
    }
    if (judgement.kind === 'failed') {
      codes.push(judgement.code)
      continue
    }
    codes.push(judgement.subscription.qos)
    session.subscriptions.set(request.filter, judgement.subscription)
    core.index.add(judgement.subscription)
    granted.push({ request, ...judgement })
  }
  if (granted.length > 0 && session.persistent) recordSession(core, session)
  connection.transport.send(
    encodeSuback(
      protocolVersion,
      packet.packetId,
      codes,
      accepted.problemInformation ? reasonString : undefined,
    ),
  )
  for (const one of granted) replayRetained(core, one.subscription, one.request, one.isNew)
  const filters = granted.map(({ request }) => request.filter)
  publishSubscriptions(core, connection, accepted, 'subscribed', filters)
}

/** gateway G41, A6: nothing of the packet takes effect, and the connection ends. */
export function tooManyFilters(
  packet: 'SUBSCRIBE' | 'UNSUBSCRIBE',
  count: number,
): Ending | undefined {
  if (count <= limits.filtersPerPacketMax) return undefined
  const detail = `${packet === 'SUBSCRIBE' ? 'a' : 'an'} ${packet} with ${count} filters`
  return clientError(packet, detail, hints.filters, reasonCode.quotaExceeded)
}

function packetFault(packet: SubscribePacket): Ending | undefined {
  if (packet.subscriptionIdentifier) {
    const detail = 'a subscription identifier' // gateway G52
    const code = reasonCode.subscriptionIdentifiersNotSupported
    return clientError('SUBSCRIBE', detail, hints.subscriptionId, code)
  }
  if (packet.subscriptions.some(({ qos }) => qos === 2)) {
    const detail = 'a SUBSCRIBE with QoS 2' // gateway G29, A4
    return clientError('SUBSCRIBE', detail, hints.qos2, reasonCode.qosNotSupported)
  }
  if (packet.subscriptions.some((one) => one.noLocal && one.filter.startsWith('$share/'))) {
    const detail = 'No Local on a shared subscription' // [MQTT-3.8.3-4]
    return clientError('SUBSCRIBE', detail, hints.sharedNoLocal, reasonCode.protocolError)
  }
  return undefined
}

function judge(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  request: SubscriptionRequest,
  explain: (reasonString: string) => void,
): Judgement {
  const { session, protocolVersion, client } = accepted
  const parsed = parseFilter(request.filter)
  const fault = typeof parsed === 'string' ? parsed : reservedFilterFault(parsed.matching)
  if (typeof parsed === 'string' || fault !== undefined) {
    const detail = fault ?? request.filter
    log(core, connection, 'client.error', 'CLIENT_ERROR', { detail })
    const malformed = typeof parsed === 'string'
    tellRefused(core, connection, {
      packet: 'SUBSCRIBE',
      reason: 'CLIENT_ERROR',
      detail: malformed ? `${detail}: filter \`${request.filter}\`` : detail,
      hint: malformed ? hints.filter : hints.reservedTopic,
    })
    if (protocolVersion === 5) return { kind: 'failed', code: reasonCode.topicFilterInvalid }
    return { kind: 'ends', ending: { reason: 'CLIENT_ERROR', detail } }
  }
  const verdict = client.authorizer.subscribe(request.filter)
  if (!verdict.allowed) {
    core.counts.denied++
    const detail = `filter \`${request.filter}\``
    const { decisionId } = verdict
    log(core, connection, 'subscribe.denied', 'AUTHORIZATION_FAILED', { detail, decisionId })
    const text = core.ports.reasonString?.(verdict)
    if (text !== undefined) explain(text)
    if (protocolVersion === 5) return { kind: 'failed', code: reasonCode.notAuthorized }
    return { kind: 'ends', ending: { reason: 'AUTH_ERROR', detail } }
  }
  const subscription: Subscription = {
    session,
    parsed,
    qos: request.qos === 0 ? 0 : 1,
    noLocal: request.noLocal,
    retainAsPublished: request.retainAsPublished,
  }
  const isNew = !session.subscriptions.has(request.filter)
  const full =
    isNew &&
    (session.subscriptions.size >= limits.subscriptionsPerSessionMax ||
      core.index.size >= core.bounds.subscriptionsMax)
  if (full || !core.index.fits(subscription)) {
    const detail = `filter \`${request.filter}\` is above the limit of subscriptions`
    log(core, connection, 'client.error', 'THROTTLED', { detail })
    const { subscriptions: hint } = hints
    tellRefused(core, connection, { packet: 'SUBSCRIBE', reason: 'THROTTLED', detail, hint })
    return { kind: 'failed', code: protocolVersion === 5 ? reasonCode.quotaExceeded : 0x80 }
  }
  return { kind: 'granted', subscription, isNew }
}

function undo(core: BrokerCore, subscription: Subscription, isNew: boolean): void {
  if (!isNew) return
  subscription.session.subscriptions.delete(subscription.parsed.filter)
  core.index.remove(subscription)
}

/** gateway G38: only for an exact topic name, never for wildcards or shared filters. */
function replayRetained(
  core: BrokerCore,
  subscription: Subscription,
  request: SubscriptionRequest,
  isNew: boolean,
): void {
  const { parsed, session, qos } = subscription
  if (parsed.wildcard || parsed.shareName !== undefined) return
  if (request.retainHandling === 2 || (request.retainHandling === 1 && !isNew)) return
  const message = core.retained.get(parsed.matching)?.message
  if (message === undefined) return
  const terms = {
    qos: qos === 1 && message.qos === 1 ? (1 as const) : (0 as const),
    retain: true,
    shareFilter: undefined,
    direct: false,
  }
  deliver(core, session, message, terms, new PublishBytes(message, core.ports.time.nowMs()))
}
