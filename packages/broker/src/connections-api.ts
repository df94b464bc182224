/**
 * The connections API of the data plane (gateway G64 to G66): rules only; the HTTPS operation
 * handlers give the SDK's shapes.
 */
import { accept, refuse, type Outcome } from '@muster/model'
import { atWall, type BrokerCore } from './broker-core.ts'
import { deliver } from './delivery.ts'
import { endConnection } from './end-connection.ts'
import { endSession } from './end-session.ts'
import { limits } from './limits.ts'
import type { Publication } from './message.ts'
import { PublishBytes } from './publish-bytes.ts'
import { reasonCode } from './reason-codes.ts'
import { toMessage } from './route.ts'
import { topicNameFault } from './topic.ts'

/** Members as in the SDK's GetConnectionResponse; times in epoch milliseconds. */
export interface ConnectionDescription {
  readonly clientId: string
  readonly connected: boolean
  readonly cleanSession: boolean
  readonly thingName?: string
  readonly keepAliveDuration?: number
  readonly connectedSince?: number
  readonly disconnectedSince?: number
  readonly disconnectReason?: string
  /** Seconds. */
  readonly sessionExpiry?: number
  readonly sourceIp?: string
  readonly sourcePort?: number
  readonly targetIp?: string
  readonly targetPort?: number
}

export interface ListSubscriptionsRequest {
  readonly clientId: string
  readonly nextToken?: string | undefined
  /** 1 to 200, default 20. */
  readonly maxResults?: number | undefined
}

export interface SubscriptionPage {
  readonly subscriptions: readonly { readonly topicFilter: string; readonly qos: 0 | 1 }[]
  readonly nextToken?: string
}

export interface DeleteConnectionRequest {
  readonly clientId: string
  /** Ends the session too. Default false. */
  readonly cleanSession?: boolean | undefined
  readonly preventWillMessage?: boolean | undefined
}

export interface DirectMessage {
  readonly clientId: string
  readonly publication: Omit<Publication, 'qos' | 'retain'>
  /** true: QoS 1, and wait for the PUBACK; false: QoS 0. */
  readonly confirmation: boolean
  readonly timeoutSeconds: number
}

/** Socket information is included; the handler leaves it out when not asked or not allowed. */
export function getConnection(core: BrokerCore, clientId: string): Outcome<ConnectionDescription> {
  const memory = core.clients.get(clientId)
  const session = core.sessions.get(clientId)
  if (memory === undefined || (session === undefined && forgotten(core, memory))) {
    return refuse('ResourceNotFoundException', `no connection or session of client \`${clientId}\``)
  }
  const connection = session?.connection
  const peer = connection?.peer
  const { thingName, disconnectedSinceMs, disconnectReason } = memory
  return accept({
    clientId,
    connected: connection !== undefined,
    cleanSession: memory.cleanSession,
    ...(thingName === undefined ? {} : { thingName }),
    ...(connection === undefined
      ? {
          ...(disconnectedSinceMs === undefined ? {} : { disconnectedSince: disconnectedSinceMs }),
          ...(disconnectReason === undefined ? {} : { disconnectReason }),
        }
      : { connectedSince: memory.connectedSinceMs, keepAliveDuration: memory.keepAliveSeconds }),
    ...(session === undefined ? {} : { sessionExpiry: session.expirySeconds }),
    ...(peer === undefined
      ? {}
      : {
          sourceIp: peer.sourceIp,
          sourcePort: peer.sourcePort,
          targetIp: peer.targetIp,
          targetPort: peer.targetPort,
        }),
  })
}

/** gateway G65: data is kept 30 minutes after the disconnect. */
function forgotten(
  core: BrokerCore,
  memory: { readonly disconnectedSinceMs: number | undefined },
): boolean {
  const sinceMs = memory.disconnectedSinceMs
  return sinceMs !== undefined && core.ports.time.nowMs() - sinceMs > limits.connectionMemoryMs
}

export function listSubscriptions(
  core: BrokerCore,
  request: ListSubscriptionsRequest,
): Outcome<SubscriptionPage> {
  const { clientId, nextToken, maxResults = 20 } = request
  const session = core.sessions.get(clientId)
  if (session === undefined) {
    return refuse('ResourceNotFoundException', `no connection or session of client \`${clientId}\``)
  }
  const from = nextToken === undefined ? 0 : Number(nextToken)
  if (!Number.isInteger(from) || from < 0 || (nextToken !== undefined && from === 0)) {
    return refuse('InvalidRequestException', `nextToken \`${nextToken}\` is not one of ours`)
  }
  const all = [...session.subscriptions.values()]
  const subscriptions = all
    .slice(from, from + maxResults)
    .map(({ parsed, qos }) => ({ topicFilter: parsed.filter, qos }))
  const next = from + maxResults
  return accept(next < all.length ? { subscriptions, nextToken: String(next) } : { subscriptions })
}

export function deleteConnection(
  core: BrokerCore,
  request: DeleteConnectionRequest,
): Outcome<undefined> {
  const { clientId, cleanSession = false, preventWillMessage = false } = request
  const session = core.sessions.get(clientId)
  if (session === undefined) {
    return refuse('ResourceNotFoundException', `no connection or session of client \`${clientId}\``)
  }
  if (session.connection !== undefined) {
    endConnection(core, session.connection, {
      reason: 'API_INITIATED_DISCONNECT',
      code: reasonCode.administrativeAction,
      will: !preventWillMessage,
      endSession: cleanSession,
    })
  } else if (cleanSession) endSession(core, session)
  return accept(undefined)
}

/** The receiver needs `iot:Receive` and no subscription. */
export function sendDirectMessage(
  core: BrokerCore,
  direct: DirectMessage,
): Promise<Outcome<undefined>> | Outcome<undefined> {
  const { clientId, publication, confirmation, timeoutSeconds } = direct
  const fault = topicNameFault(publication.topic)
  if (fault !== undefined) return refuse('InvalidRequestException', fault)
  if (publication.topic.startsWith('$')) {
    return refuse('InvalidRequestException', `topic \`${publication.topic}\` is reserved`)
  }
  if (publication.payload.byteLength > limits.payloadBytesMax) {
    return refuse('RequestEntityTooLargeException', 'the payload is above 131072 bytes')
  }
  const session = core.sessions.get(clientId)
  const authorizer = session?.connection?.authorizer
  if (session === undefined || authorizer === undefined) {
    return refuse('ResourceNotFoundException', `client \`${clientId}\` is not connected`)
  }
  if (!authorizer.receive(publication.topic)) {
    const message = `client \`${clientId}\` may not receive topic \`${publication.topic}\``
    return refuse('ForbiddenException', message)
  }
  const qos = confirmation ? 1 : 0
  const message = toMessage(core, { ...publication, qos })
  const bytes = new PublishBytes(message, core.ports.time.nowMs())
  const terms = { retain: false, shareFilter: undefined, durable: false }
  if (!confirmation) {
    deliver(core, session, message, { ...terms, qos: 0 }, bytes)
    return accept(undefined)
  }
  return new Promise((resolve) => {
    const dueAtMs = core.ports.time.wallMs() + timeoutSeconds * 1000
    const timeout = atWall(core, dueAtMs, () => resolve(unconfirmed(clientId)))
    const settled = (acknowledged: boolean): void => {
      core.wallDue.remove(timeout)
      resolve(acknowledged ? accept(undefined) : unconfirmed(clientId))
    }
    deliver(core, session, message, { ...terms, qos: 1, settled }, bytes)
  })
}

function unconfirmed(clientId: string): Outcome<undefined> {
  return refuse('GatewayTimeoutException', `client \`${clientId}\` did not acknowledge in time`)
}
