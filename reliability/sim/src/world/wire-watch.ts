/**
 * Reads one link at the server's edge, both ways: what arrived, and what left at which moment. What a
 * client believes later does not matter here.
 */
import { parser, type IPublishPacket, type Packet, type Parser } from 'mqtt-packet'
import { must } from '../violation.ts'
import type { OwedReply } from './engine-taps.ts'
import type { Link } from './link.ts'
import type { OwedMessage, Session, Sessions } from './sessions.ts'

/** What the watch asks of the world. */
export interface WatchPorts {
  readonly sessions: Sessions
  /** Clock time of the server. */
  nowMs(): number
  /** Whether the client may receive on a topic now, or could since the turn began. */
  mayReceive(clientId: string, topic: string): boolean
  /** Whether it may, and could all the while since the turn began. */
  mayReceiveThroughout(clientId: string, topic: string): boolean
  /** The same of any action. */
  may(clientId: string, action: string, resource: string): boolean
  /** Whether the client's certificate authenticates. */
  isActive(clientId: string): boolean
  /** The replies that tokens are owed. */
  readonly owedReplies: ReadonlyMap<string, readonly OwedReply[]>
  /** Messages by who published them: only those with an id count. */
  messageId(payload: string): string | undefined
  /** Told what passes, for whoever follows the run. */
  tell(line: () => string): void
}

interface Waiting {
  readonly message: OwedMessage
  readonly to: readonly Session[]
}

/** The watch of one link. */
export class WireWatch {
  readonly link: Link
  readonly clientId: string
  readonly #ports: WatchPorts
  readonly #arrived: Parser
  readonly #written: Parser
  #isPersistent = false
  /** Filters by their SUBSCRIBE, in its order; undefined for those that were given up since. */
  readonly #subscribes = new Map<number, readonly (string | undefined)[]>()
  readonly #publishes = new Map<number, Waiting>()
  /** Topics by the PUBLISH that named them. */
  readonly #topics = new Map<number, string>()
  /** Tokens by the PUBLISH that brought them. */
  readonly #tokens = new Map<number, string>()
  readonly #requests = new Map<string, number>()
  /** Replies by token. */
  readonly #replies = new Map<string, number>()
  /** What was written last by the server's clock of writes. */
  seqAfterArrival = 0
  isArriving = false
  /** Whether a CONNACK with success left. */
  isAccepted = false
  /** The session is told that its client is away. */
  hasLeft = false

  constructor(link: Link, clientId: string, version: 4 | 5, ports: WatchPorts) {
    this.link = link
    this.clientId = clientId
    this.#ports = ports
    this.#arrived = parser({ protocolVersion: version })
    this.#written = parser({ protocolVersion: version })
    this.#arrived.on('packet', (packet) => this.#takeArrived(packet))
    this.#written.on('packet', (packet) => this.#takeWritten(packet))
  }

  /** Bytes are about to reach the server. */
  arrives(bytes: Uint8Array): void {
    this.#arrived.parse(Buffer.from(bytes))
  }

  /** Bytes left the server. */
  wrote(bytes: Uint8Array): void {
    this.#written.parse(Buffer.from(bytes))
  }

  /** How often a token was answered on this link. */
  repliesTo(token: string): number {
    return this.#replies.get(token) ?? 0
  }

  /** How often a request with this token arrived, but for those whose PUBACK refused them. */
  requestsWith(token: string): number {
    return this.#requests.get(token) ?? 0
  }

  #takeArrived(packet: Packet): void {
    this.#ports.tell(() => `    ${this.clientId} > ${describe(packet)}`)
    const { sessions } = this.#ports
    if (packet.cmd === 'connect') {
      this.#isPersistent = packet.clean === false
      sessions.asked(this.clientId, this.#isPersistent)
    } else if (packet.cmd === 'subscribe') {
      const filters = packet.subscriptions.map(({ topic }) => topic)
      this.#subscribes.set(packet.messageId ?? 0, filters)
    } else if (packet.cmd === 'unsubscribe') {
      const session = sessions.of(this.clientId)
      for (const filter of packet.unsubscriptions) session?.filters.delete(filter)
      // A SUBACK may still be held back behind its commit.
      for (const [id, filters] of this.#subscribes) {
        const kept = filters.map((filter) =>
          packet.unsubscriptions.includes(filter ?? '') ? undefined : filter,
        )
        this.#subscribes.set(id, kept)
      }
      this.#waive(session)
    } else if (packet.cmd === 'publish' && packet.qos === 1) {
      const text = packet.payload.toString()
      this.#topics.set(packet.messageId ?? 0, packet.topic)
      this.#asked(packet.messageId ?? 0, tokenOf(text))
      const id = this.#ports.messageId(text)
      if (id === undefined) return
      const { topic } = packet
      const message = { id, topic, sinceMs: this.#ports.nowMs() }
      const to = sessions
        .subscribed(topic)
        .filter(({ clientId }) => this.#ports.mayReceiveThroughout(clientId, topic))
      this.#publishes.set(packet.messageId ?? 0, { message, to })
    }
  }

  #asked(messageId: number, token: string | undefined): void {
    if (token === undefined) return
    this.#tokens.set(messageId, token)
    this.#requests.set(token, this.requestsWith(token) + 1)
  }

  /** What it no longer subscribes to is owed no more. */
  #waive(session: Session | undefined): void {
    if (session === undefined) return
    for (const { id, topic } of session.owed.values()) {
      if (!this.#ports.sessions.subscribed(topic).includes(session)) session.owed.delete(id)
    }
  }

  #takeWritten(packet: Packet): void {
    this.#ports.tell(() => `    ${this.clientId} < ${describe(packet)}`)
    const { sessions } = this.#ports
    if (packet.cmd === 'connack') {
      if ((packet.returnCode ?? packet.reasonCode) !== 0) {
        sessions.refused(this.clientId, this.#isPersistent)
        return
      }
      this.isAccepted = true
      this.#allowed('iot:Connect', `client/${this.clientId}`)
      must(this.#ports.isActive(this.clientId), 'authentication', () => {
        return `${this.clientId} was accepted with a certificate that is not ACTIVE (gateway G9)`
      })
      sessions.connected(
        this.clientId,
        this.#isPersistent,
        packet.sessionPresent,
        this.#ports.nowMs(),
      )
    } else if (packet.cmd === 'suback') {
      const filters = this.#subscribes.get(packet.messageId ?? 0) ?? []
      const session = sessions.of(this.clientId)
      for (const [index, granted] of packet.granted.entries()) {
        const filter = filters[index]
        if (filter === undefined || Number(granted) >= 128) continue
        this.#allowed('iot:Subscribe', `topicfilter/${filter}`)
        session?.filters.add(filter)
      }
    } else if (packet.cmd === 'puback') {
      this.#acknowledged(packet.messageId ?? 0, packet.reasonCode ?? 0)
    } else if (packet.cmd === 'publish') this.#published(packet)
  }

  /** Its publisher may forget the message: from here on the server must not. */
  #acknowledged(messageId: number, reasonCode: number): void {
    const token = this.#tokens.get(messageId)
    if (token !== undefined && reasonCode >= 128) {
      this.#requests.set(token, this.requestsWith(token) - 1)
    }
    const topic = this.#topics.get(messageId)
    if (topic !== undefined && reasonCode < 128) this.#allowed('iot:Publish', `topic/${topic}`)
    const waiting = this.#publishes.get(messageId)
    if (waiting === undefined || reasonCode >= 128) return
    this.#publishes.delete(messageId)
    const { message, to } = waiting
    const still = this.#ports.sessions.subscribed(message.topic)
    for (const session of to) {
      if (still.includes(session)) owe(this.#ports, session, message)
    }
  }

  /** What was accepted was allowed. */
  #allowed(action: string, resource: string): void {
    must(this.#ports.may(this.clientId, action, resource), 'stale policy', () => {
      return `${this.clientId} was granted ${action} on ${resource}, which its policy denies (authz D1 to D3)`
    })
  }

  #published({ topic, payload }: IPublishPacket): void {
    const text = payload.toString()
    must(this.#ports.mayReceive(this.clientId, topic), 'receive', () => {
      return `${this.clientId} was sent ${topic}, which its policy denies (authz G5)`
    })
    const token = tokenOf(text)
    const isReply = topic.endsWith('/accepted') || topic.endsWith('/rejected')
    if (token === undefined || !isReply) return
    const owed = this.#ports.owedReplies.get(token) ?? []
    const isOwed = owed.some((reply) => reply.topic === topic && reply.payload === text)
    must(isOwed, 'replies', () => {
      return `${this.clientId} was told ${topic} ${text}, but the answer was ${JSON.stringify(owed)}`
    })
    this.#replies.set(token, this.repliesTo(token) + 1)
  }
}

/** Only what the session may receive, and has not had. */
function owe(ports: WatchPorts, session: Session, message: OwedMessage): void {
  const { clientId, read } = session
  if (read.has(message.id) || !ports.mayReceiveThroughout(clientId, message.topic)) return
  session.owed.set(message.id, message)
}

function tokenOf(payload: string): string | undefined {
  try {
    return (JSON.parse(payload) as { clientToken?: string }).clientToken
  } catch {
    return undefined
  }
}

function describe(packet: Packet): string {
  const text = (value: unknown): string => (value === undefined ? '' : ` ${String(value)}`)
  if (packet.cmd === 'publish') {
    return `publish ${packet.topic} qos ${packet.qos}${text(packet.messageId)}${text(packet.payload)}`
  }
  if (packet.cmd === 'connect') return packet.clean === false ? 'connect' : 'connect clean'
  if (packet.cmd === 'connack') {
    return `connack ${packet.returnCode ?? packet.reasonCode}${packet.sessionPresent ? ' present' : ''}`
  }
  if (packet.cmd === 'subscribe') {
    return `subscribe ${packet.subscriptions.map(({ topic }) => topic).join(' ')}`
  }
  return `${packet.cmd}${text(packet.messageId)}`
}
