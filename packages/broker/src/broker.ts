/**
 * MQTT as AWS IoT Core speaks it: connections in, packets out, time and everything else by ports.
 */
import type { BrokerCore, BrokerCounts, ClientMemory } from './broker-core.ts'
import { recordClients, restoreClients, restoreDeparted } from './client-memory.ts'
import { Connection } from './connection.ts'
import {
  connectionOf,
  deleteConnection,
  sendDirect,
  subscriptionsOf,
  type ConnectionView,
  type DirectDelivery,
} from './connections-api.ts'
import { dropWill, restoreWills } from './delayed-will.ts'
import { deliver, drain } from './delivery.ts'
import { DueQueue } from './due-queue.ts'
import { clientError, endConnection, type Ending } from './end-connection.ts'
import { endSession, expireLater } from './end-session.ts'
import { handlePacket } from './handle-packet.ts'
import { defaultBounds, type BrokerBounds } from './limits.ts'
import type { Publication } from './message.ts'
import type { BrokerPorts, Peer, Transport } from './ports.ts'
import { PublishBytes } from './publish-bytes.ts'
import { RateQuotas } from './rate-quotas.ts'
import { reasonCode, type DisconnectReason, type ReasonCode } from './reason-codes.ts'
import { hints } from './hints.ts'
import {
  removeRetained,
  restoreRetained,
  retainedFits,
  retainedView,
  type RetainedView,
} from './retained.ts'
import { route, toMessage } from './route.ts'
import { recordSession, restoreSessions } from './session-records.ts'
import type { Session } from './session.ts'
import { StoredMessages } from './stored-messages.ts'
import { SubscriptionIndex } from './subscription-index.ts'
import { filterMatches } from './topic.ts'
import { watchIdle } from './watch-idle.ts'

/** What the listener does with a connection it opened. */
export interface BrokerConnection {
  /** UUID; the `sessionIdentifier` of presence events. */
  readonly id: string
  /**
   * Takes bytes as received, in any pieces, and handles the first packets of them.
   *
   * @returns whether packets may wait: call {@link proceed} in a later turn
   */
  receive(bytes: Uint8Array): boolean
  /** Handles the next packets that wait; answers as {@link receive} does. */
  proceed(): boolean
  /** The transport took what was buffered: waiting messages may follow. */
  drained(): void
  /** The transport is gone (gateway G117: `CONNECTION_LOST`). */
  lost(): void
  /** The client closed its WebSocket with a Close frame: no will (gateway G28). */
  closedByClient(): void
  /** What the client came through is going down: it is told so, and parted with. */
  shutDown(): void
}

/** A reply that goes to one connection alone (gateway G47, G48). */
export interface DirectReply {
  readonly topic: string
  readonly payload: Uint8Array
  /** Of the request; a matching subscription's QoS comes before it (jobs J3). */
  readonly qos: 0 | 1
  /** Whether a subscription's QoS counts for nothing (neighbours N91). */
  readonly isQosFixed?: boolean
}

/** MQTT sessions, subscriptions and messages of one account. */
export class Broker {
  readonly #core: BrokerCore

  /** Restores sessions and retained messages from `ports.records`. */
  constructor(ports: BrokerPorts, bounds: Partial<BrokerBounds> = {}) {
    this.#core = {
      ports,
      bounds: { ...defaultBounds, ...bounds },
      sessions: new Map(),
      index: new SubscriptionIndex(),
      retained: new Map(),
      connections: new Map(),
      byPrincipal: new Map(),
      clients: new Map(),
      departed: new Set(),
      due: new DueQueue(),
      wallDue: new DueQueue(),
      counts: {
        connectsAccepted: 0,
        connectsRefused: 0,
        publishesIn: 0,
        publishesOut: 0,
        dropped: 0,
        denied: 0,
      },
      rates: bounds.rateQuotas === 'aws' ? new RateQuotas() : undefined,
      stored: new StoredMessages(ports.records),
      sequence: 0,
      ending: new Map(),
    }
    this.#restore()
  }

  /** Takes a client's byte stream; CONNECT must follow within the connect timeout. */
  open(transport: Transport, peer: Peer): BrokerConnection {
    const core = this.#core
    const wallMs = core.ports.time.wallMs()
    const connection = new Connection(core.ports.uuid(), transport, peer, wallMs)
    core.connections.set(connection.id, connection)
    const late = clientError('CONNECT', 'no CONNECT in time', hints.connectTimeout)
    watchIdle(core, connection, core.bounds.connectTimeoutMs, late)
    const end = (ending: Ending): void => {
      // What the client said before it left counts: a DISCONNECT may be last.
      while (this.#proceed(connection));
      endConnection(core, connection, ending)
      this.#carryOutEndings()
    }
    return {
      id: connection.id,
      receive: (bytes) => {
        if (connection.closed) return false
        connection.decoder.push(bytes)
        return this.#proceed(connection)
      },
      proceed: () => this.#proceed(connection),
      drained: () => {
        if (connection.accepted !== undefined) drain(core, connection.accepted.session)
        this.#carryOutEndings()
      },
      lost: () => end({ reason: 'CONNECTION_LOST' }),
      closedByClient: () => end({ reason: 'CLIENT_INITIATED_DISCONNECT', will: false }),
      shutDown: () => {
        const code = reasonCode.serverShuttingDown
        end({ reason: 'SERVER_INITIATED_DISCONNECT', code })
      },
    }
  }

  /**
   * Publishes on behalf of a service or an HTTPS caller that was authorized already; fans out to
   * every subscriber that may receive it. The caller checked topic and size.
   *
   * @returns how many sessions it was sent to or waits for
   */
  publish(publication: Publication): number {
    const reached = route(this.#core, toMessage(this.#core, publication))
    this.#carryOutEndings()
    return reached
  }

  /**
   * Sends a reply straight to the connection that asked, subscribed or not, if it may receive it
   * (gateway G47, G48, jobs J3). A connection that is gone gets nothing.
   */
  replyDirect(connectionId: string, reply: DirectReply): void {
    const accepted = this.#core.connections.get(connectionId)?.accepted
    if (accepted === undefined) return
    const subscribed =
      reply.isQosFixed === true ? undefined : subscribedQos(accepted.session, reply.topic)
    const qos = subscribed ?? reply.qos
    const message = toMessage(this.#core, { topic: reply.topic, payload: reply.payload, qos })
    const terms = { qos, retain: false, shareFilter: undefined, direct: true }
    const bytes = new PublishBytes(message, this.#core.ports.time.nowMs())
    deliver(this.#core, accepted.session, message, terms, bytes)
    this.#carryOutEndings()
  }

  /**
   * Ends every live connection of a principal, because its certificate was deactivated or deleted
   * (gateway G13).
   *
   * @returns how many were ended
   */
  disconnectPrincipal(principalId: string, reason: DisconnectReason = 'AUTH_ERROR'): number {
    const live = [...(this.#core.byPrincipal.get(principalId) ?? [])]
    const code =
      reason === 'AUTH_ERROR' ? reasonCode.notAuthorized : reasonCode.administrativeAction
    const detail = 'the certificate is ACTIVE no more'
    const refused = { packet: 'DISCONNECT', reason, detail, hint: hints.deactivated } as const
    this.#endAll(live, { reason, code, ...(reason === 'AUTH_ERROR' && { detail, refused }) })
    return live.length
  }

  /** Ends every connection, for a shutdown. */
  disconnectAll(
    reason: DisconnectReason = 'SERVER_INITIATED_DISCONNECT',
    code: ReasonCode = reasonCode.serverShuttingDown,
  ): void {
    this.#endAll([...this.#core.connections.values()], { reason, code })
  }

  /**
   * Ends some connections, the oldest first, for a shutdown that takes its time.
   *
   * @returns how many are left
   */
  disconnectSome(count: number): number {
    const { connections } = this.#core
    const some: Connection[] = []
    for (const connection of connections.values()) {
      if (some.length === count) break
      some.push(connection)
    }
    const code = reasonCode.serverShuttingDown
    this.#endAll(some, { reason: 'SERVER_INITIATED_DISCONNECT', code })
    return connections.size
  }

  /** Writes down who was here, for the next start: call it once, when everyone is disconnected. */
  recordClients(): void {
    recordClients(this.#core)
  }

  /** Disconnects everyone and forgets every session, waiting and retained message. */
  reset(): void {
    const core = this.#core
    const code = reasonCode.administrativeAction
    this.#endAll([...core.connections.values()], {
      reason: 'SERVER_INITIATED_DISCONNECT',
      code,
      will: false,
    })
    for (const session of core.sessions.values()) {
      dropWill(core, session)
      endSession(core, session)
    }
    for (const topic of core.retained.keys()) removeRetained(core, topic)
    for (const memory of core.clients.values()) core.due.remove(memory.forget)
    core.clients.clear()
    core.departed.clear()
  }

  /** Whether a connection, by its id, is still there. */
  isConnected(connectionId: string): boolean {
    return this.#core.connections.has(connectionId)
  }

  /** gateway G65; undefined for a client that is neither connected nor remembered. */
  connectionOf(clientId: string): ConnectionView | undefined {
    return connectionOf(this.#core, clientId)
  }

  /** gateway G66; undefined for a client without connection and session. */
  subscriptionsOf(
    clientId: string,
  ): readonly { readonly topicFilter: string; readonly qos: 0 | 1 }[] | undefined {
    return subscriptionsOf(this.#core, clientId)
  }

  /**
   * Ends a connection for the API (gateway G64).
   *
   * @returns false for a client that is neither connected nor stored
   */
  deleteConnection(
    clientId: string,
    options: { readonly cleanSession: boolean; readonly preventWillMessage: boolean },
  ): boolean {
    const found = deleteConnection(this.#core, clientId, options)
    this.#carryOutEndings()
    return found
  }

  /**
   * Sends to one connected client, subscribed or not, if it may receive (gateway G66).
   *
   * @param acknowledged - called once when the client acknowledges a QoS 1 message
   */
  sendDirect(clientId: string, publication: Publication, acknowledged: () => void): DirectDelivery {
    const delivery = sendDirect(this.#core, clientId, publication, acknowledged)
    this.#carryOutEndings()
    return delivery
  }

  /**
   * Whether the account may publish this now; counts it with what clients publish over MQTT. For an
   * HTTPS caller, before {@link publish}.
   *
   * @returns false above a rate (gateway section 8, G39), or when too many messages are retained
   */
  mayPublish({ topic, payload, retain = false }: Publication): boolean {
    const { rates, ports } = this.#core
    if (retain && payload.byteLength > 0 && !retainedFits(this.#core, topic)) return false
    return rates?.mayPublish(topic, retain, ports.time.wallMs()) ?? true
  }

  /** gateway G63. */
  retainedMessage(topic: string): RetainedView | undefined {
    const retained = this.#core.retained.get(topic)
    return retained === undefined ? undefined : retainedView(retained)
  }

  /** gateway G63; in no particular order. */
  *retainedMessages(): Generator<RetainedView> {
    for (const retained of this.#core.retained.values()) yield retainedView(retained)
  }

  /** What is known of a client identifier, live or gone; for search and connectivity data. */
  connectivity(
    clientId: string,
  ):
    | Pick<ClientMemory, 'connectedSinceMs' | 'disconnectedSinceMs' | 'disconnectReason'>
    | undefined {
    return this.#core.clients.get(clientId)
  }

  /** Totals since the start. */
  get counts(): Readonly<BrokerCounts> {
    return this.#core.counts
  }

  /** How many connections are open, CONNECT accepted or not. */
  get connectionCount(): number {
    return this.#core.connections.size
  }

  /** How many principals, by certificate or access key, have a connection. */
  get principalCount(): number {
    return this.#core.byPrincipal.size
  }

  /** Whether a principal has a connection. */
  hasPrincipal(principalId: string): boolean {
    return this.#core.byPrincipal.has(principalId)
  }

  /** How many sessions exist, absent clients' included. */
  get sessionCount(): number {
    return this.#core.sessions.size
  }

  /** Messages that wait for sessions or are in flight to them: deliveries, and bytes of each once. */
  get waiting(): { readonly deliveries: number; readonly bytes: number } {
    const { references, bytes } = this.#core.stored
    return { deliveries: references, bytes }
  }

  get retainedCount(): number {
    return this.#core.retained.size
  }

  /** Clock time of the next thing to do, for {@link runDue}. */
  nextDueAtMs(): number | undefined {
    return this.#core.due.nextAtMs
  }

  /** Wall time of the next thing to do, for {@link runDue}. */
  nextWallDueAtMs(): number | undefined {
    return this.#core.wallDue.nextAtMs
  }

  /** Does what is due on the clock and on the wall. */
  runDue(): void {
    const { fault, time } = this.#core.ports
    this.#core.wallDue.runUntil(time.wallMs(), fault)
    this.#core.due.runUntil(time.nowMs(), fault)
    this.#carryOutEndings()
  }

  #proceed(connection: Connection): boolean {
    let left = this.#core.bounds.packetsPerTurnMax
    // Ended meanwhile: what follows in the stream is nobody's.
    while (!connection.closed && left > 0) {
      const packet = connection.decoder.next()
      if (packet === undefined) break
      connection.lastPacketWallMs = this.#core.ports.time.wallMs()
      handlePacket(this.#core, connection, packet)
      left--
    }
    this.#carryOutEndings()
    return left === 0 && !connection.closed
  }

  #endAll(connections: readonly Connection[], ending: Ending): void {
    for (const connection of connections) endConnection(this.#core, connection, ending)
    this.#carryOutEndings()
  }

  /** Those that a delivery brought to their end; ending one may publish, so until none is left. */
  #carryOutEndings(): void {
    const { ending } = this.#core
    if (ending.size === 0) return
    for (const [connection, how] of ending) {
      ending.delete(connection)
      endConnection(this.#core, connection, how)
    }
  }

  #restore(): void {
    const core = this.#core
    const nowMs = core.ports.time.nowMs()
    restoreRetained(core)
    restoreClients(core)
    for (const { session, disconnectedAtMs, versionNumber } of restoreSessions(core)) {
      session.disconnectedAtMs = disconnectedAtMs ?? nowMs
      if (!core.clients.has(session.clientId)) {
        core.clients.set(session.clientId, {
          versionNumber,
          connectedSinceMs: session.disconnectedAtMs,
          disconnectedSinceMs: session.disconnectedAtMs,
          disconnectReason: 'SERVER_ERROR',
          keepAliveSeconds: 0,
          cleanSession: false,
          thingName: undefined,
          versionUntilMs: 0,
          forget: undefined,
        })
      }
      // From now on it is away, also for a start after this one.
      if (disconnectedAtMs === undefined) recordSession(core, session)
      expireLater(core, session)
    }
    restoreDeparted(core)
    restoreWills(core)
  }
}

/** The highest QoS among the session's own filters that match (jobs J3). */
function subscribedQos(session: Session, topic: string): 0 | 1 | undefined {
  if (session.subscriptions.size === 0) return undefined
  let qos = session.subscriptions.get(topic)?.qos
  if (qos === 1) return qos
  for (const { parsed, qos: other } of session.subscriptions.values()) {
    if (
      parsed.wildcard &&
      parsed.shareName === undefined &&
      filterMatches(parsed.matching, topic)
    ) {
      if (other === 1) return 1
      qos = 0
    }
  }
  return qos
}
