/**
 * Who is connected, as far as presence events since the connection for them was opened tell. Events may repeat
 * and overtake each other: the higher version number of a client wins (gateway G116).
 */
import type { LiveEvent } from './live-event.ts'

type PresenceEvent = Extract<LiveEvent, { kind: 'presence' }>

/** A table of the clients that were heard of. */
export class Presence {
  readonly #clients = new Map<string, { connected: boolean; versionNumber: number }>()
  #connected = 0

  /** Clients heard of that are connected now. */
  get connectedCount(): number {
    return this.#connected
  }

  /** Whether a client is connected, or undefined when nothing was heard of it. */
  isConnected(clientId: string): boolean | undefined {
    return this.#clients.get(clientId)?.connected
  }

  /** Events were missed: what was heard may not hold any more. */
  forget(): void {
    this.#clients.clear()
    this.#connected = 0
  }

  /** @returns whether the event changed anything */
  apply(event: PresenceEvent): boolean {
    const before = this.#clients.get(event.clientId)
    if (before && isOlder(event, before)) return false
    this.#clients.set(event.clientId, event)
    this.#connected += Number(event.connected) - Number(before?.connected ?? false)
    return before?.connected !== event.connected
  }
}

/** A connection's two events share a number, so its end counts as newer than its beginning. */
function isOlder(
  event: PresenceEvent,
  known: { connected: boolean; versionNumber: number },
): boolean {
  // The count begins again at 0 for a client that was offline for an hour.
  if (event.versionNumber === 0 && event.connected && !known.connected) return false
  if (event.versionNumber !== known.versionNumber) return event.versionNumber < known.versionNumber
  return event.connected && !known.connected
}
