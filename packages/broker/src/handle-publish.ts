/**
 * PUBLISH (gateway G29 to G37, G47, G52 to G54, G131; authz G3, G12).
 */
import { dropReserved } from './absent-features.ts'
import { log, type BrokerCore } from './broker-core.ts'
import { encodePuback } from './codec/encode.ts'
import type { PublishPacket } from './codec/packets.ts'
import type { Accepted, Connection, PublishedTopic } from './connection.ts'
import { clientError, endConnection } from './end-connection.ts'
import { limits } from './limits.ts'
import { withUserProperties } from './message.ts'
import type { Verdict } from './ports.ts'
import type { RateQuotas } from './rate-quotas.ts'
import { reasonCode, type DisconnectReason, type ReasonCode } from './reason-codes.ts'
import { hints } from './hints.ts'
import { tellRefused } from './refused.ts'
import { routePublish } from './reserved-topics.ts'
import { retainedFits } from './retained.ts'
import { route, toMessage } from './route.ts'
import { topicNameFault } from './topic.ts'

export function handlePublish(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  packet: PublishPacket,
): void {
  core.counts.publishesIn++
  if (packet.qos === 2) {
    const detail = 'a PUBLISH with QoS 2' // gateway G29
    const code = reasonCode.qosNotSupported
    endConnection(core, connection, clientError('PUBLISH', detail, hints.qos2, code))
    return
  }
  if (packet.subscriptionIdentifier) {
    // [MQTT-3.3.4-6]: only a server sends it.
    const detail = 'a PUBLISH with a subscription identifier'
    const code = reasonCode.protocolError
    endConnection(core, connection, clientError('PUBLISH', detail, hints.subscriptionId, code))
    return
  }
  const named = resolveAlias(connection, packet)
  if (named === undefined) {
    const detail = `topic alias ${packet.topicAlias}`
    const code = reasonCode.topicAliasInvalid
    endConnection(core, connection, clientError('PUBLISH', detail, hints.alias, code))
    return
  }
  const { topic, route: destination } = publishedTo(core, connection, named)
  if (destination.kind === 'refused') {
    const { why, hint } = destination
    refuse(core, connection, accepted, packet, { code: reasonCode.topicNameInvalid, why, hint })
    return
  }
  if (packet.retain && destination.kind !== 'broker') {
    const why = `RETAIN on reserved topic \`${topic}\`` // gateway G33
    const { retainReserved: hint } = hints
    refuse(core, connection, accepted, packet, { code: reasonCode.topicNameInvalid, why, hint })
    return
  }
  if (core.rates !== undefined && throttled(core, core.rates, connection, topic, packet)) {
    core.counts.dropped++
    const detail = `a PUBLISH to \`${topic}\` above its rate`
    const { publishRate: hint } = hints
    tellRefused(core, connection, { packet: 'PUBLISH', reason: 'THROTTLED', detail, hint })
    // gateway G35: discarded; a QoS 1 publish gets no PUBACK, or 151, so that the client repeats it.
    if (accepted.protocolVersion === 5 && packet.qos === 1) {
      connection.transport.send(encodePuback(5, packet.packetId, reasonCode.quotaExceeded))
    }
    return
  }
  const denial = denied(accepted, topic, packet.retain)
  if (denial !== undefined) {
    deny(core, connection, accepted, packet, topic, denial)
    return
  }
  if (packet.retain && packet.payload.byteLength > 0 && !retainedFits(core, topic)) {
    const why = `RETAIN on \`${topic}\`: too many retained topics`
    const { retained: hint } = hints
    refuse(core, connection, accepted, packet, { code: reasonCode.quotaExceeded, why, hint })
    return
  }
  if (packet.qos === 1) {
    connection.transport.send(encodePuback(accepted.protocolVersion, packet.packetId, 0))
  }
  const { clientId } = accepted.session
  if (destination.kind === 'service') {
    if (destination.isHeard) forward(core, accepted, topic, packet)
    destination.call({
      connectionId: connection.id,
      clientId,
      principalId: accepted.client.principalId,
      sourceIp: connection.peer.sourceIp,
      topic,
      payload: packet.payload,
      qos: packet.qos,
    })
    return
  }
  if (destination.kind === 'dropped') {
    dropReserved(core, connection, clientId, topic, packet, destination)
    return
  }
  forward(core, accepted, topic, packet)
}

/** To everyone who subscribed, with the user properties of the publisher's thing (gateway G132). */
function forward(
  core: BrokerCore,
  { client, session }: Accepted,
  topic: string,
  packet: PublishPacket,
): void {
  const { payload, qos, retain, messageExpirySeconds } = packet
  // 2 is refused by now.
  const publication = {
    topic,
    payload,
    qos: qos === 0 ? 0 : 1,
    retain,
    messageExpirySeconds,
  } as const
  const properties = withUserProperties(packet.properties, client.userProperties?.())
  route(core, toMessage(core, { ...publication, properties }, session.clientId))
}

/**
 * Checks a topic and says where it leads; once for a topic that is published to again and again. It
 * is the same string then, which lookups by it need not hash again.
 */
function publishedTo(core: BrokerCore, connection: Connection, topic: string): PublishedTopic {
  const { published } = connection
  if (published?.topic === topic) return published
  const why = topicNameFault(topic)
  if (why !== undefined) return { topic, route: { kind: 'refused', why, hint: hints.topic } }
  const checked = { topic, route: routePublish(topic, core.ports.reserved) }
  connection.published = checked
  return checked
}

/** @returns undefined when the alias is none of the client's, or out of range (gateway G52) */
function resolveAlias(connection: Connection, packet: PublishPacket): string | undefined {
  const { topicAlias, topic } = packet
  if (topicAlias === undefined) return topic
  if (topicAlias === 0 || topicAlias > limits.topicAliasMax) return undefined
  if (topic === '') return connection.aliases?.get(topicAlias)
  connection.aliases ??= new Map()
  connection.aliases.set(topicAlias, topic)
  return topic
}

/** gateway G35, G39. */
function throttled(
  core: BrokerCore,
  quotas: RateQuotas,
  connection: Connection,
  topic: string,
  packet: PublishPacket,
): boolean {
  const wallMs = core.ports.time.wallMs()
  if (connection.publishes?.take(wallMs) === false) return true
  return !quotas.mayPublish(topic, packet.retain, wallMs)
}

/** authz G3. */
function denied(accepted: Accepted, topic: string, retain: boolean): Verdict | undefined {
  const { authorizer } = accepted.client
  const publish = authorizer.publish(topic)
  if (!publish.allowed) return publish
  if (!retain) return undefined
  const retainPublish = authorizer.retainPublish(topic)
  return retainPublish.allowed ? undefined : retainPublish
}

/** gateway G34: 3.1.1 closes; MQTT 5 has PUBACK 135, or DISCONNECT 135 with QoS 0. */
function deny(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  packet: PublishPacket,
  topic: string,
  denial: Verdict,
): void {
  core.counts.denied++
  const detail = `topic \`${topic}\``
  log(core, connection, 'publish.denied', 'AUTHORIZATION_FAILED', {
    detail,
    decisionId: denial.decisionId,
  })
  const reasonString = core.ports.reasonString?.(denial)
  const code = reasonCode.notAuthorized
  answer(core, connection, accepted, packet, { code, reason: 'AUTH_ERROR', detail, reasonString })
}

/** gateway G30, G33: 3.1.1 closes; MQTT 5 has PUBACK, or DISCONNECT with QoS 0. */
function refuse(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  packet: PublishPacket,
  { code, why: detail, hint }: { code: ReasonCode; why: string; hint: string },
): void {
  log(core, connection, 'client.error', 'CLIENT_ERROR', { detail })
  tellRefused(core, connection, { packet: 'PUBLISH', reason: 'CLIENT_ERROR', detail, hint })
  answer(core, connection, accepted, packet, { code, reason: 'CLIENT_ERROR', detail })
}

function answer(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  packet: PublishPacket,
  refusal: {
    code: ReasonCode
    reason: DisconnectReason
    detail: string
    reasonString?: string | undefined
  },
): void {
  if (accepted.protocolVersion === 5 && packet.qos === 1) {
    const reasonString = accepted.problemInformation ? refusal.reasonString : undefined
    connection.transport.send(encodePuback(5, packet.packetId, refusal.code, reasonString))
    return
  }
  endConnection(core, connection, refusal)
}
