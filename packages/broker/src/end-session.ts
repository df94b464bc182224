/**
 * How sessions begin to expire and end (gateway G23, G24).
 */
import { atClock, type BrokerCore } from './broker-core.ts'
import { discardDeliveries } from './delivery.ts'
import { limits } from './limits.ts'
import { forgetSession } from './session-records.ts'
import type { Session } from './session.ts'

/** Ends a session: subscriptions, waiting messages and records go. */
export function endSession(core: BrokerCore, session: Session): void {
  core.due.remove(session.expiry)
  session.expiry = undefined
  for (const subscription of session.subscriptions.values()) core.index.remove(subscription)
  session.subscriptions.clear()
  discardDeliveries(core, session)
  if (core.sessions.get(session.clientId) === session) core.sessions.delete(session.clientId)
  forgetSession(core, session)
  const will = session.delayedWill
  if (will === undefined) return
  // [MQTT-3.1.3-9]: a delayed will goes out when the session ends, at the latest.
  session.delayedWill = undefined
  core.due.remove(will.due)
  will.publish()
}

/** Sets the end of a session whose client left at `session.disconnectedAtMs`. */
export function expireLater(core: BrokerCore, session: Session): void {
  const endsAtMs = session.disconnectedAtMs + session.expirySeconds * 1000
  core.due.remove(session.expiry)
  session.expiry = atClock(core, endsAtMs, () => endSession(core, session))
  rememberUntil(core, session.clientId, endsAtMs)
}

/** Keeps what is known of a client that left until its version number may start again (G116, A16). */
export function rememberUntil(core: BrokerCore, clientId: string, atMs: number): void {
  const memory = core.clients.get(clientId)
  if (memory === undefined) return
  core.due.remove(memory.forget)
  memory.forget = atClock(core, atMs, () => core.clients.delete(clientId))
}

/** For a session that ended with its connection. */
export function rememberCleanClient(core: BrokerCore, clientId: string): void {
  rememberUntil(core, clientId, core.ports.time.nowMs() + limits.versionMemoryMs)
}
