/**
 * Lifecycle events (gateway G115 to G119): always on, ordinary messages on `$aws/events/…`.
 */
import type { BrokerCore } from './broker-core.ts'
import type { Accepted, Connection } from './connection.ts'
import type { DisconnectReason } from './reason-codes.ts'
import { route, toMessage } from './route.ts'

/** gateway G115. */
export function publishConnected(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
): void {
  const { clientId } = accepted.session
  core.ports.presence?.(clientId)
  publishEvent(core, `$aws/events/presence/connected/${clientId}`, clientId, () => ({
    clientId,
    timestamp: core.ports.time.nowMs(),
    eventType: 'connected',
    sessionIdentifier: connection.id,
    principalIdentifier: accepted.client.principalId,
    ipAddress: connection.peer.sourceIp,
    versionNumber: accepted.versionNumber,
    ...thingName(accepted),
  }))
}

/** gateway G115, G117. */
export function publishDisconnected(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  disconnectReason: DisconnectReason,
): void {
  const { clientId } = accepted.session
  core.ports.presence?.(clientId)
  publishEvent(core, `$aws/events/presence/disconnected/${clientId}`, clientId, () => ({
    clientId,
    timestamp: core.ports.time.nowMs(),
    eventType: 'disconnected',
    clientInitiatedDisconnect: disconnectReason === 'CLIENT_INITIATED_DISCONNECT',
    disconnectReason,
    sessionIdentifier: connection.id,
    principalIdentifier: accepted.client.principalId,
    versionNumber: accepted.versionNumber,
    ...thingName(accepted),
  }))
}

/** gateway G118. */
export function publishConnectFailed(
  core: BrokerCore,
  connection: Connection,
  clientId: string,
  principalIdentifier: string,
): void {
  publishEvent(core, `$aws/events/presence/connect_failed/${clientId}`, clientId, () => ({
    clientId,
    timestamp: core.ports.time.nowMs(),
    eventType: 'connect_failed',
    connectFailureReason: 'AUTHORIZATION_FAILED',
    principalIdentifier,
    sessionIdentifier: connection.id,
    ipAddress: connection.peer.sourceIp,
  }))
}

/** gateway G119: one event a packet. */
export function publishSubscriptions(
  core: BrokerCore,
  connection: Connection,
  accepted: Accepted,
  eventType: 'subscribed' | 'unsubscribed',
  topics: readonly string[],
): void {
  const { clientId } = accepted.session
  if (topics.length === 0) return
  publishEvent(core, `$aws/events/subscriptions/${eventType}/${clientId}`, clientId, () => ({
    clientId,
    timestamp: core.ports.time.nowMs(),
    eventType,
    sessionIdentifier: connection.id,
    principalIdentifier: accepted.client.principalId,
    topics,
  }))
}

function publishEvent(
  core: BrokerCore,
  topic: string,
  clientId: string,
  body: () => Readonly<Record<string, unknown>>,
): void {
  // gateway G18: client identifiers with wildcards emit no lifecycle events.
  if (clientId.includes('#') || clientId.includes('+') || !core.index.reaches(topic)) return
  const payload = Buffer.from(JSON.stringify(body()))
  route(core, toMessage(core, { topic, payload, qos: 1 }))
}

function thingName(accepted: Accepted): { thingName?: string } {
  const { thingName: name } = accepted.client
  return name === undefined ? {} : { thingName: name }
}
