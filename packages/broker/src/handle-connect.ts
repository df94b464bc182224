/**
 * CONNECT (gateway G10, G17 to G24, G28, G51, G52; authz G1, G2).
 */
import { atWall, connectionChanged, log, type BrokerCore } from './broker-core.ts'
import { nextVersion } from './client-memory.ts'
import { encodeConnack } from './codec/encode.ts'
import type { ConnectPacket, Will } from './codec/packets.ts'
import type { Accepted, Connection } from './connection.ts'
import { dropWill } from './delayed-will.ts'
import { drain } from './delivery.ts'
import { clientError, endConnection, type Ending } from './end-connection.ts'
import { endSession } from './end-session.ts'
import { limits } from './limits.ts'
import type { AuthenticatedClient, Verdict } from './ports.ts'
import { publishConnected, publishConnectFailed } from './presence.ts'
import { Rate, rates } from './rate-quotas.ts'
import { reasonCode, type DisconnectReason, type ReasonCode } from './reason-codes.ts'
import { hints } from './hints.ts'
import { tellRefused } from './refused.ts'
import { forgetSession, recordSession } from './session-records.ts'
import { Session } from './session.ts'
import { topicNameFault } from './topic.ts'
import { watchIdle } from './watch-idle.ts'

export function handleConnect(
  core: BrokerCore,
  connection: Connection,
  packet: ConnectPacket,
): void {
  if (connection.accepted !== undefined) {
    const detail = 'a second CONNECT' // gateway G22
    const code = reasonCode.protocolError
    endConnection(core, connection, clientError('CONNECT', detail, hints.secondConnect, code))
    return
  }
  if (packet.clientId === '' && !packet.clean && packet.protocolVersion === 4) {
    connection.transport.send(encodeConnack(4, 2, false)) // [MQTT-3.1.3-8]
    const detail = 'an empty client identifier with a persistent session'
    refuse(core, connection, packet, { reason: detail, hint: hints.emptyClientId })
    return
  }
  const fault = connectFault(packet)
  if (fault !== undefined) {
    refuse(core, connection, packet, { reason: fault.detail, ...fault })
    return
  }
  const { time } = core.ports
  const full = core.connections.size > core.bounds.connectionsMax
  if (full || core.rates?.connects.take(time.wallMs()) === false) {
    refuse(core, connection, packet, throttled)
    return
  }
  // gateway G18
  const clientId = packet.clientId === '' ? `$GEN/${core.ports.uuid()}` : packet.clientId
  const answer = connection.peer.authenticate({
    clientId,
    protocolVersion: packet.protocolVersion,
    connectAttributes: connectAttributes(packet),
    lastWillTopic: packet.will?.topic,
  })
  if (!answer.ok) {
    // gateway G10, A2: no CONNACK to MQTT 5, whose behaviour on AWS is not known.
    sayNotAuthorized(core, connection, packet)
    refuse(core, connection, packet, answer)
    return
  }
  const denial = deniedConnect(answer.client, packet.will)
  if (denial !== undefined) {
    core.counts.denied++
    publishConnectFailed(core, connection, clientId, answer.client.principalId)
    answer.client.authorizer.release()
    sayNotAuthorized(core, connection, packet)
    const { notAuthorized } = reasonCode
    refuse(core, connection, packet, {
      reason: 'AUTHORIZATION_FAILED',
      code: notAuthorized,
      denial,
    })
    return
  }
  if (core.rates?.mayConnect(clientId, time.wallMs()) === false) {
    // gateway G20: before anything could disturb the live session.
    answer.client.authorizer.release()
    refuse(core, connection, packet, throttled)
    return
  }
  accept(core, connection, packet, clientId, answer.client)
}

/** What makes a well-formed CONNECT unacceptable, whoever sends it. */
function connectFault(
  packet: ConnectPacket,
): { detail: string; code: ReasonCode; hint: string } | undefined {
  const { clientId, will } = packet
  if (clientId.startsWith('$') || Buffer.byteLength(clientId) > limits.clientIdBytesMax) {
    const detail = `client identifier \`${clientId}\`` // gateway G18
    return { detail, code: reasonCode.clientIdentifierNotValid, hint: hints.clientId }
  }
  if (packet.authenticationMethod !== undefined) {
    const detail = 'enhanced authentication' // gateway G55
    return { detail, code: reasonCode.unspecifiedError, hint: hints.authentication }
  }
  if (packet.packetBytesMax < limits.clientPacketBytesMin) {
    const detail = `a maximum packet size of ${packet.packetBytesMax}` // gateway G52
    return { detail, code: reasonCode.unspecifiedError, hint: hints.packetSize }
  }
  if (will === undefined) return undefined
  if (will.qos === 2) {
    return { detail: 'a will with QoS 2', code: reasonCode.qosNotSupported, hint: hints.will }
  }
  const topicFault = topicNameFault(will.topic) ?? reservedWill(will.topic)
  if (topicFault !== undefined) {
    const detail = `will: ${topicFault}`
    return { detail, code: reasonCode.topicNameInvalid, hint: hints.will }
  }
  return undefined
}

function reservedWill(topic: string): string | undefined {
  return topic.startsWith('$') ? `reserved topic \`${topic}\`` : undefined
}

/** authz G1, G2. */
function deniedConnect(client: AuthenticatedClient, will: Will | undefined): Verdict | undefined {
  const verdicts = [client.authorizer.connect()]
  if (will !== undefined) verdicts.push(client.authorizer.publish(will.topic))
  if (will?.retain === true) verdicts.push(client.authorizer.retainPublish(will.topic))
  return verdicts.find((verdict) => !verdict.allowed)
}

/** authz F14, X27. */
function connectAttributes(packet: ConnectPacket): ('PersistentConnect' | 'LastWill')[] {
  const attributes: ('PersistentConnect' | 'LastWill')[] = []
  if (!packet.clean || packet.sessionExpirySeconds > 0) attributes.push('PersistentConnect')
  if (packet.will !== undefined) attributes.push('LastWill')
  return attributes
}

/** gateway A2, authz X1: what the operator wants 3.1.1 clients to see before the close. */
function sayNotAuthorized(core: BrokerCore, connection: Connection, packet: ConnectPacket): void {
  const { refusedConnack } = core.bounds
  if (packet.protocolVersion === 5 || refusedConnack === undefined) return
  connection.transport.send(encodeConnack(4, refusedConnack, false))
}

/** Why a CONNECT is refused. */
interface RefusedConnect {
  /** For the log. */
  readonly reason: string
  readonly code?: ReasonCode
  readonly denial?: Verdict
  /** Absent where who refused has told the operator. */
  readonly hint?: string
  /** AWS's word, with a hint. */
  readonly word?: DisconnectReason
}

const throttled: RefusedConnect = {
  reason: 'THROTTLED',
  word: 'THROTTLED',
  code: reasonCode.quotaExceeded,
  hint: hints.connections,
}

/** MQTT 3.1.1 sees a bare close; MQTT 5 a CONNACK when there is a code for it (gateway G10, A2). */
function refuse(
  core: BrokerCore,
  connection: Connection,
  packet: ConnectPacket,
  { reason, code, denial, hint, word = 'CLIENT_ERROR' }: RefusedConnect,
): void {
  core.counts.connectsRefused++
  if (packet.protocolVersion === 5 && code !== undefined) {
    const text =
      denial === undefined || !packet.problemInformation
        ? undefined
        : core.ports.reasonString?.(denial)
    const properties = text === undefined ? undefined : { reasonString: text }
    connection.transport.send(encodeConnack(5, code, false, properties))
  }
  log(core, connection, 'connect.refused', reason, {
    clientId: packet.clientId,
    decisionId: denial?.decisionId,
  })
  if (hint !== undefined) {
    const refused = { packet: 'CONNECT', reason: word, detail: reason, hint } as const
    tellRefused(core, connection, refused, packet.clientId)
  }
  endConnection(core, connection, { reason: 'AUTH_ERROR' })
}

function accept(
  core: BrokerCore,
  connection: Connection,
  packet: ConnectPacket,
  clientId: string,
  client: AuthenticatedClient,
): void {
  const { session, resumed } = takeSession(core, packet, clientId)
  const keepAliveSeconds = clampKeepAlive(packet.keepAliveSeconds)
  const accepted: Accepted = {
    session,
    client,
    protocolVersion: packet.protocolVersion,
    keepAliveSeconds,
    receiveMaximum: packet.receiveMaximum,
    packetBytesMax: packet.packetBytesMax,
    problemInformation: packet.problemInformation,
    versionNumber: remember(core, session, client, keepAliveSeconds),
    connectedSinceMs: core.ports.time.nowMs(),
    will: packet.will,
  }
  connection.accepted = accepted
  if (core.rates !== undefined) connection.publishes = new Rate(rates.publishesPerConnection)
  session.connection = connection
  const siblings = core.byPrincipal.get(client.principalId)
  if (siblings === undefined) core.byPrincipal.set(client.principalId, new Set([connection]))
  else siblings.add(connection)
  if (session.persistent) recordSession(core, session)
  else if (resumed) forgetSession(core, session)
  core.counts.connectsAccepted++
  watchIdle(core, connection, keepAliveSeconds * 1500, silent(keepAliveSeconds))
  const { lifetime } = connection.peer
  if (lifetime !== undefined) {
    const endsAtMs = core.ports.time.wallMs() + lifetime.seconds * 1000
    connection.lifetime = atWall(core, endsAtMs, () => {
      const code = reasonCode.administrativeAction
      endConnection(core, connection, { reason: lifetime.reason, code })
    })
  }
  connection.transport.send(
    packet.protocolVersion === 4
      ? encodeConnack(4, 0, resumed)
      : encodeConnack(5, 0, resumed, connackProperties(packet, session, keepAliveSeconds)),
  )
  log(core, connection, 'connect.accepted', 'SUCCESS')
  connectionChanged(core, connection, accepted)
  publishConnected(core, connection, accepted)
  drain(core, session)
}

/** gateway G19, G23, G24: takes the client's session over, or begins one. */
function takeSession(
  core: BrokerCore,
  packet: ConnectPacket,
  clientId: string,
): { session: Session; resumed: boolean } {
  const asked =
    packet.protocolVersion === 4 ? sessionSecondsV3(packet) : packet.sessionExpirySeconds
  const expirySeconds = Math.min(asked, limits.sessionExpirySecondsMax)
  const live = core.sessions.get(clientId)?.connection
  if (live !== undefined) {
    const reason = 'DUPLICATE_CLIENTID'
    const detail = 'another connection came with this client identifier'
    endConnection(core, live, {
      reason,
      code: reasonCode.sessionTakenOver,
      refused: { packet: 'DISCONNECT', reason, detail, hint: hints.takeover },
    })
  }
  const known = core.sessions.get(clientId)
  // gateway G17: persistent sessions are not shared between protocol levels.
  if (known !== undefined && !packet.clean && known.protocolVersion === packet.protocolVersion) {
    core.due.remove(known.expiry)
    known.expiry = undefined
    dropWill(core, known)
    known.expirySeconds = expirySeconds
    return { session: known, resumed: true }
  }
  if (known !== undefined) endSession(core, known)
  const session = new Session(clientId, packet.protocolVersion, expirySeconds)
  core.sessions.set(clientId, session)
  return { session, resumed: false }
}

function sessionSecondsV3(packet: ConnectPacket): number {
  return packet.clean ? 0 : limits.sessionExpirySecondsMax
}

/** gateway G21. */
function silent(keepAliveSeconds: number): Ending {
  const reason = 'MQTT_KEEP_ALIVE_TIMEOUT'
  const detail = `nothing came within one and a half times ${keepAliveSeconds} s`
  const refused = { packet: 'DISCONNECT', reason, detail, hint: hints.keepAlive } as const
  return { reason, code: reasonCode.keepAliveTimeout, refused }
}

/** gateway G21. */
function clampKeepAlive(seconds: number): number {
  if (seconds === 0) return limits.keepAliveSecondsMax
  return Math.min(Math.max(seconds, limits.keepAliveSecondsMin), limits.keepAliveSecondsMax)
}

/** @returns the version number of this connection (gateway G116) */
function remember(
  core: BrokerCore,
  { clientId, persistent }: Session,
  client: AuthenticatedClient,
  keepAliveSeconds: number,
): number {
  const before = core.clients.get(clientId)
  core.due.remove(before?.forget)
  core.departed.delete(clientId)
  const versionNumber = nextVersion(core, before)
  core.clients.set(clientId, {
    versionNumber,
    connectedSinceMs: core.ports.time.nowMs(),
    disconnectedSinceMs: undefined,
    disconnectReason: undefined,
    keepAliveSeconds,
    // gateway G65: MQTT 5 has no such flag, and Clean Start says nothing of what is kept.
    cleanSession: !persistent,
    thingName: client.connectionThing ?? client.thingName,
    ...(before?.droppedPublishes && { droppedPublishes: before.droppedPublishes }),
    versionUntilMs: Infinity,
    forget: undefined,
  })
  return versionNumber
}

/** gateway G51. */
function connackProperties(
  packet: ConnectPacket,
  session: Session,
  keepAliveSeconds: number,
): NonNullable<Parameters<typeof encodeConnack>[3]> {
  return {
    receiveMaximum: limits.inflightMax,
    maximumQoS: 1,
    retainAvailable: true,
    maximumPacketSize: limits.packetBytesMax,
    topicAliasMaximum: limits.topicAliasMax,
    wildcardSubscriptionAvailable: true,
    subscriptionIdentifiersAvailable: false,
    sharedSubscriptionAvailable: true,
    serverKeepAlive: keepAliveSeconds,
    ...(packet.clientId === '' ? { assignedClientIdentifier: session.clientId } : {}),
    // gateway G23: only a lowered expiry is reported.
    ...(packet.sessionExpirySeconds > session.expirySeconds
      ? { sessionExpiryInterval: session.expirySeconds }
      : {}),
  }
}
