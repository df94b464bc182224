/**
 * The broker's state, and the few things every handler does with it.
 */
import type { Accepted, Connection } from './connection.ts'
import type { Due, DueQueue } from './due-queue.ts'
import type { Ending } from './end-connection.ts'
import type { BrokerBounds } from './limits.ts'
import type { Message } from './message.ts'
import type { BrokerLogEntry, BrokerPorts } from './ports.ts'
import type { DisconnectReason } from './reason-codes.ts'
import type { RateQuotas } from './rate-quotas.ts'
import type { Session } from './session.ts'
import type { StoredMessages } from './stored-messages.ts'
import type { SubscriptionIndex } from './subscription-index.ts'

/** Totals since the start, for metrics. */
export interface BrokerCounts {
  connectsAccepted: number
  connectsRefused: number
  publishesIn: number
  publishesOut: number
  /** QoS 0 to a slow client, expired, above a client's packet size, or a full queue. */
  dropped: number
  denied: number
}

/** A retained message and when it was stored. */
export interface RetainedMessage {
  readonly message: Message
  readonly lastModifiedMs: number
  readonly expiry: Due | undefined
}

/** One client identifier, live or gone; all times are clock time, epoch milliseconds. */
export interface ClientMemory {
  versionNumber: number
  connectedSinceMs: number
  /** undefined while connected. */
  disconnectedSinceMs: number | undefined
  disconnectReason: DisconnectReason | undefined
  keepAliveSeconds: number
  cleanSession: boolean
  thingName: string | undefined
  /** Absent features whose publishes were dropped, as the operator was told. */
  droppedPublishes?: readonly string[]
  /** When the version number starts again, if the client is still away then (G116, A16). */
  versionUntilMs: number
  forget: Due | undefined
}

export interface BrokerCore {
  readonly ports: BrokerPorts
  readonly bounds: BrokerBounds
  /** By client identifier; also those of clean sessions while connected. */
  readonly sessions: Map<string, Session>
  readonly index: SubscriptionIndex
  readonly retained: Map<string, RetainedMessage>
  /** By connection id; before and after CONNECT. */
  readonly connections: Map<string, Connection>
  /** Accepted ones by principal, so that a deactivation costs what it ends. */
  readonly byPrincipal: Map<string, Set<Connection>>
  readonly clients: Map<string, ClientMemory>
  /** Those of them that are away and have no session, first who left first. */
  readonly departed: Set<string>
  /** On the clock. */
  readonly due: DueQueue
  /** On the wall. */
  readonly wallDue: DueQueue
  readonly counts: BrokerCounts
  /** undefined unless the profile is on. */
  readonly rates: RateQuotas | undefined
  /** Messages that wait for sessions, or are in flight to them. */
  readonly stored: StoredMessages
  /** Orders the records of waiting messages. */
  sequence: number
  /** Connections that are ended when the current call is done, and how. */
  readonly ending: Map<Connection, Ending>
}

/** Sets something to do on the clock. */
export function atClock(core: BrokerCore, atMs: number, run: () => void): Due {
  const due = core.due.add(atMs, run)
  if (core.due.nextAtMs === atMs) core.ports.dueChanged()
  return due
}

/** Sets something to do on the wall. */
export function atWall(core: BrokerCore, atMs: number, run: () => void): Due {
  const due = core.wallDue.add(atMs, run)
  if (core.wallDue.nextAtMs === atMs) core.ports.dueChanged()
  return due
}

/** Tells that a connection was accepted, or why it ended. */
export function connectionChanged(
  core: BrokerCore,
  { peer }: Connection,
  { client, session }: Accepted,
  disconnectReason?: DisconnectReason,
): void {
  core.ports.connectionChanged?.({
    clientId: session.clientId,
    principalId: client.principalId,
    thingName: client.connectionThing ?? client.thingName,
    sourceIp: peer.sourceIp,
    disconnectReason,
  })
}

/** Writes an entry about a connection to the operator's log. */
export function log(
  core: BrokerCore,
  connection: Connection,
  event: BrokerLogEntry['event'],
  reason: string,
  more: { detail?: string | undefined; decisionId?: string | undefined; clientId?: string } = {},
): void {
  core.ports.log?.({
    event,
    clientId: more.clientId ?? connection.accepted?.session.clientId,
    principalId: connection.accepted?.client.principalId,
    sourceIp: connection.peer.sourceIp,
    reason,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    ...(more.decisionId === undefined ? {} : { decisionId: more.decisionId }),
  })
}
