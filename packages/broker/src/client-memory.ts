/**
 * What is remembered of client identifiers whose clients left (gateway G65, G80, G116, A16).
 */
import { keptJson } from '@muster/model'
import { atClock, type BrokerCore, type ClientMemory } from './broker-core.ts'
import { limits } from './limits.ts'

const kind = 'mqtt-client'

/**
 * Keeps what is known of a client that left for an hour, or as long as its session lives: whichever
 * is longer.
 *
 * @param versionUntilMs - when its version number starts again
 */
export function rememberClient(core: BrokerCore, clientId: string, versionUntilMs: number): void {
  const memory = core.clients.get(clientId)
  if (memory === undefined) return
  memory.versionUntilMs = versionUntilMs
  core.due.remove(memory.forget)
  const leftMs = memory.disconnectedSinceMs ?? core.ports.time.nowMs()
  memory.forget = atClock(core, Math.max(versionUntilMs, leftMs + limits.clientMemoryMs), () =>
    forgetClient(core, clientId),
  )
}

function forgetClient(core: BrokerCore, clientId: string): void {
  core.due.remove(core.clients.get(clientId)?.forget)
  core.clients.delete(clientId)
  core.departed.delete(clientId)
  core.ports.presence?.(clientId)
}

/** Takes that a client's session ended; when it is away, it may be forgotten for want of room. */
export function clientDeparted(core: BrokerCore, clientId: string): void {
  if (core.clients.get(clientId)?.disconnectedSinceMs === undefined) return
  core.departed.add(clientId)
  if (core.departed.size <= core.bounds.departedClientsMax) return
  for (const oldest of core.departed) {
    forgetClient(core, oldest)
    return
  }
}

/** {@link rememberClient} for a session that ended with its connection. */
export function rememberCleanClient(core: BrokerCore, clientId: string): void {
  rememberClient(core, clientId, core.ports.time.nowMs() + limits.clientMemoryMs)
}

/** The number of a client's next connection: one more, or 0 for a client long away (G116, A16). */
export function nextVersion(core: BrokerCore, memory: ClientMemory | undefined): number {
  if (memory === undefined) return 0
  const isAway = memory.disconnectedSinceMs !== undefined
  return isAway && memory.versionUntilMs <= core.ports.time.nowMs() ? 0 : memory.versionNumber + 1
}

/**
 * Writes down all clients that left, for {@link restoreClients}. Done once, when the server stops: a
 * write for every connection would be dear, and after a crash version numbers may start again.
 */
export function recordClients(core: BrokerCore): void {
  for (const [clientId, { forget: _due, ...memory }] of core.clients) {
    if (memory.disconnectedSinceMs === undefined) continue
    core.ports.records.put(kind, clientId, JSON.stringify(memory))
  }
}

/** Takes up what {@link recordClients} wrote, and clears it away: it is true once. */
export function restoreClients(core: BrokerCore): void {
  for (const { key, value } of core.ports.records.load(kind)) {
    const memory = keptJson<Omit<ClientMemory, 'forget'>>(value, `record ${kind} ${key}`)
    core.clients.set(key, { ...memory, forget: undefined })
    rememberClient(core, key, memory.versionUntilMs)
  }
  for (const clientId of core.clients.keys()) core.ports.records.delete(kind, clientId)
}

/** Which of the clients that are away have no session, once sessions are known too. */
export function restoreDeparted(core: BrokerCore): void {
  const away = [...core.clients].filter(([clientId]) => !core.sessions.has(clientId))
  away.sort(([, a], [, b]) => (a.disconnectedSinceMs ?? 0) - (b.disconnectedSinceMs ?? 0))
  for (const [clientId] of away) clientDeparted(core, clientId)
}
