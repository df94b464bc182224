/**
 * What the broker owes its clients: sessions as the acknowledgements that left the server say, and in each
 * the messages that it must still bring (gateway G23 to G27).
 */
import { must } from '../violation.ts'

/** How long the broker keeps a persistent session of an absent client. */
export const SESSION_SECONDS = 3600

/** One message that was acknowledged to its publisher. */
export interface OwedMessage {
  readonly id: string
  readonly topic: string
  readonly sinceMs: number
}

/** One client's session. */
export interface Session {
  readonly clientId: string
  readonly persistent: boolean
  /** Filters whose SUBACK has left. */
  readonly filters: Set<string>
  readonly owed: Map<string, OwedMessage>
  /** Clock time since when the client is away; undefined while it is connected. */
  absentSinceMs: number | undefined
  /** A CONNECT that wants a clean session was sent: whether it was accepted is not known. */
  mayBeGone: boolean
  /** Ids of messages that the client has read. */
  readonly read: Set<string>
}

/** All sessions that the server confirmed. */
export class Sessions {
  readonly #all = new Map<string, Session>()
  /** How many CONNECTs of a client for a session that lasts arrived and were not answered. */
  readonly #unanswered = new Map<string, number>()

  of(clientId: string): Session | undefined {
    return this.#all.get(clientId)
  }

  /** A CONNECT arrived: the session may be made, and nobody told. */
  asked(clientId: string, persistent: boolean): void {
    const session = this.#all.get(clientId)
    if (persistent) this.#unanswered.set(clientId, this.#unansweredOf(clientId) + 1)
    else if (session !== undefined) session.mayBeGone = true
    if (!persistent) session?.owed.clear()
  }

  /** A CONNACK with a refusal left the server. */
  refused(clientId: string, persistent: boolean): void {
    if (persistent) this.#unanswered.set(clientId, this.#unansweredOf(clientId) - 1)
  }

  #unansweredOf(clientId: string): number {
    return this.#unanswered.get(clientId) ?? 0
  }

  /** A CONNACK with success left the server. */
  connected(clientId: string, persistent: boolean, isPresent: boolean, nowMs: number): void {
    const before = this.#all.get(clientId)
    const absentMs = before?.absentSinceMs === undefined ? 0 : nowMs - before.absentSinceMs
    const isKept = before?.persistent === true && absentMs < SESSION_SECONDS * 1000
    // One that was not answered may have made a session before the process died.
    const mayBeMade = this.#unansweredOf(clientId) > (persistent ? 1 : 0)
    const isUnsure =
      before?.mayBeGone === true ||
      (!isKept && mayBeMade) ||
      Math.abs(absentMs - SESSION_SECONDS * 1000) < 5000
    const isExpected = persistent && isKept
    must(isUnsure || isPresent === isExpected, 'nothing lost', () => {
      return `the session of ${clientId} is ${isPresent ? 'present' : 'gone'} after ${absentMs} ms away (gateway G23)`
    })
    this.#unanswered.delete(clientId)
    if (isPresent && before !== undefined) {
      before.absentSinceMs = undefined
      before.mayBeGone = false
      return
    }
    this.#all.set(clientId, {
      clientId,
      persistent,
      filters: new Set(),
      owed: new Map(),
      absentSinceMs: undefined,
      mayBeGone: false,
      read: new Set(),
    })
  }

  /** The client is away. */
  left(clientId: string, nowMs: number): void {
    const session = this.#all.get(clientId)
    if (session === undefined) return
    if (session.persistent) session.absentSinceMs ??= nowMs
    else this.#all.delete(clientId)
  }

  /** Ends a session, and what is owed to it. */
  end(clientId: string): void {
    this.#all.delete(clientId)
  }

  /** The process is gone: nobody is connected. */
  crashed(nowMs: number): void {
    for (const { clientId } of this.#all.values()) this.left(clientId, nowMs)
  }

  /** Sessions that a message on a topic must reach. */
  subscribed(topic: string): Session[] {
    return [...this.#all.values()].filter(({ filters }) =>
      [...filters].some((filter) => filterMatches(filter, topic)),
    )
  }

  all(): Iterable<Session> {
    return this.#all.values()
  }
}

/** MQTT 4.7. */
export function filterMatches(filter: string, topic: string): boolean {
  const parts = filter.split('/')
  const levels = topic.split('/')
  for (const [index, part] of parts.entries()) {
    if (part === '#') return true
    if (index >= levels.length || (part !== '+' && part !== levels[index])) return false
  }
  return parts.length === levels.length
}
