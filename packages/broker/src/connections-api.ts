/**
 * What the connections API of the data plane asks (gateway G64 to G66); its HTTPS operations give
 * the SDK's shapes and errors.
 */
import type { BrokerCore, ClientMemory } from './broker-core.ts'
import { dropWill } from './delayed-will.ts'
import { deliver } from './delivery.ts'
import { endConnection } from './end-connection.ts'
import { endSession } from './end-session.ts'
import { limits } from './limits.ts'
import type { Publication } from './message.ts'
import { PublishBytes } from './publish-bytes.ts'
import { reasonCode } from './reason-codes.ts'
import { toMessage } from './route.ts'

/** A client that is connected, has a session, or left within half an hour (gateway G65). */
export interface ConnectionView {
  readonly clientId: string
  readonly connected: boolean
  readonly cleanSession: boolean
  /** While connected; clock time, epoch milliseconds. */
  readonly connectedSinceMs?: number
  /** While away. */
  readonly disconnectedSinceMs?: number | undefined
  readonly disconnectReason?: string | undefined
  readonly keepAliveSeconds: number
  readonly sessionExpirySeconds: number
  readonly thingName?: string | undefined
  /** While connected. */
  readonly sourceIp?: string
  readonly sourcePort?: number
  readonly targetIp?: string
  readonly targetPort?: number
}

/** What becomes of a direct message on handing it over. */
export type DirectDelivery = 'sent' | 'not-connected' | 'not-authorized'

/** @returns undefined for a client that is neither connected nor remembered */
export function connectionOf(core: BrokerCore, clientId: string): ConnectionView | undefined {
  const memory = core.clients.get(clientId)
  const session = core.sessions.get(clientId)
  if (memory === undefined || (session === undefined && forgotten(core, memory))) return undefined
  const view = {
    clientId,
    cleanSession: memory.cleanSession,
    keepAliveSeconds: memory.keepAliveSeconds,
    sessionExpirySeconds: session?.expirySeconds ?? 0,
    thingName: memory.thingName,
  }
  const connection = session?.connection
  if (connection === undefined) {
    const { disconnectedSinceMs, disconnectReason } = memory
    return { ...view, connected: false, disconnectedSinceMs, disconnectReason }
  }
  const { sourceIp, sourcePort, targetIp, targetPort } = connection.peer
  const socket = { sourceIp, sourcePort, targetIp, targetPort }
  return { ...view, connected: true, connectedSinceMs: memory.connectedSinceMs, ...socket }
}

/** gateway G65: data is kept 30 minutes after the disconnect. */
function forgotten(core: BrokerCore, { disconnectedSinceMs }: ClientMemory): boolean {
  const nowMs = core.ports.time.nowMs()
  return (
    disconnectedSinceMs !== undefined && nowMs - disconnectedSinceMs > limits.connectionMemoryMs
  )
}

/** @returns undefined for a client without connection and session */
export function subscriptionsOf(
  core: BrokerCore,
  clientId: string,
): readonly { readonly topicFilter: string; readonly qos: 0 | 1 }[] | undefined {
  const session = core.sessions.get(clientId)
  if (session === undefined) return undefined
  return [...session.subscriptions.values()].map(({ parsed, qos }) => ({
    topicFilter: parsed.filter,
    qos,
  }))
}

/** @returns false for a client that is neither connected nor stored */
export function deleteConnection(
  core: BrokerCore,
  clientId: string,
  options: { readonly cleanSession: boolean; readonly preventWillMessage: boolean },
): boolean {
  const session = core.sessions.get(clientId)
  if (session === undefined) return false
  if (session.connection !== undefined) {
    endConnection(core, session.connection, {
      reason: 'API_INITIATED_DISCONNECT',
      code: reasonCode.administrativeAction,
      will: !options.preventWillMessage,
      endSession: options.cleanSession,
    })
    return true
  }
  if (options.preventWillMessage) dropWill(core, session)
  if (options.cleanSession) endSession(core, session)
  return true
}

/** Sends to one connected client, subscribed or not, if it may receive. */
export function sendDirect(
  core: BrokerCore,
  clientId: string,
  publication: Publication,
  acknowledged: () => void,
): DirectDelivery {
  const session = core.sessions.get(clientId)
  const authorizer = session?.connection?.authorizer
  if (session === undefined || authorizer === undefined) return 'not-connected'
  if (!authorizer.receive(publication.topic)) return 'not-authorized'
  const message = toMessage(core, publication)
  const settled = (byClient: boolean): void => {
    if (byClient) acknowledged()
  }
  const { qos } = publication
  const terms = { qos, retain: false, shareFilter: undefined, direct: true, settled }
  deliver(core, session, message, terms, new PublishBytes(message, core.ports.time.nowMs()))
  return 'sent'
}
