/**
 * A message to everyone who subscribed (gateway G37 to G40, G43, G44, G46).
 */
import type { BrokerCore } from './broker-core.ts'
import { deliver } from './delivery.ts'
import { limits } from './limits.ts'
import type { Message, Publication } from './message.ts'
import { PublishBytes } from './publish-bytes.ts'
import { keepRetained } from './retained.ts'
import type { Session, Subscription } from './session.ts'
import type { SharedGroup, Subscribers } from './subscription-index.ts'

/** A publication as a message; an expiry of 0 counts as 1 second (gateway G54). */
export function toMessage(
  core: BrokerCore,
  publication: Publication,
  publisherClientId?: string,
): Message {
  const { topic, payload, qos, retain = false, properties, messageExpirySeconds } = publication
  const expiresAtMs =
    messageExpirySeconds === undefined
      ? Infinity
      : core.ports.time.nowMs() +
        Math.min(Math.max(messageExpirySeconds, 1), limits.messageExpirySecondsMax) * 1000
  return { topic, payload, qos, retain, properties, expiresAtMs, publisherClientId }
}

/**
 * Keeps a retained message and delivers it to every matching subscription.
 *
 * @returns how many sessions it was sent to or waits for
 */
export function route(core: BrokerCore, message: Message): number {
  if (message.retain) keepRetained(core, message)
  let first: Subscribers | undefined
  let others: Subscribers[] | undefined
  core.index.match(message.topic, (subscribers) => {
    if (first === undefined) first = subscribers
    else (others ??= []).push(subscribers)
  })
  if (first === undefined) return 0
  const bytes = new PublishBytes(message, core.ports.time.nowMs())
  let reached = 0
  if (others === undefined) {
    for (const subscription of first.plain.values()) {
      reached += toOne(core, subscription, message, bytes)
    }
    return reached + toGroups(core, first, message, bytes)
  }
  const all = [first, ...others]
  for (const subscription of strongest(all, message).values()) {
    reached += toOne(core, subscription, message, bytes)
  }
  for (const subscribers of all) reached += toGroups(core, subscribers, message, bytes)
  return reached
}

/** gateway G46: overlapping subscriptions of one session give one copy, at the highest QoS. */
function strongest(
  all: readonly Subscribers[],
  message: Message,
): ReadonlyMap<Session, Subscription> {
  const found = new Map<Session, Subscription>()
  for (const { plain } of all) {
    for (const [session, subscription] of plain) {
      const other = found.get(session)
      if (other !== undefined && isLocal(subscription, message)) continue
      if (other === undefined || isLocal(other, message) || other.qos < subscription.qos) {
        found.set(session, subscription)
      }
    }
  }
  return found
}

function toOne(
  core: BrokerCore,
  subscription: Subscription,
  message: Message,
  bytes: PublishBytes,
): 0 | 1 {
  if (isLocal(subscription, message)) return 0
  const { session, qos, retainAsPublished, parsed } = subscription
  const terms = {
    qos: qos === 1 && message.qos === 1 ? (1 as const) : (0 as const),
    // gateway G38: RETAIN is 0 on live forwarding, unless Retain As Published was asked (G56).
    retain: retainAsPublished && message.retain,
    shareFilter: parsed.shareName === undefined ? undefined : parsed.filter,
    direct: false,
  }
  return deliver(core, session, message, terms, bytes) ? 1 : 0
}

function isLocal(subscription: Subscription, message: Message): boolean {
  return subscription.noLocal && message.publisherClientId === subscription.session.clientId
}

function toGroups(
  core: BrokerCore,
  subscribers: Subscribers,
  message: Message,
  bytes: PublishBytes,
): number {
  if (subscribers.shared === undefined) return 0
  let reached = 0
  for (const group of subscribers.shared.values()) {
    const chosen = chooseMember(core, group)
    if (chosen !== undefined) reached += toOne(core, chosen, message, bytes)
  }
  return reached
}

/** gateway G44: a random online member; an absent persistent one only when nobody is online. */
function chooseMember(core: BrokerCore, group: SharedGroup): Subscription | undefined {
  const online: Subscription[] = []
  const absent: Subscription[] = []
  for (const [session, subscription] of group.members) {
    if (session.connection === undefined) absent.push(subscription)
    else online.push(subscription)
  }
  const candidates = online.length > 0 ? online : absent
  return candidates[Math.floor(core.ports.random() * candidates.length)]
}
