/**
 * How sessions begin to expire and end (gateway G23, G24).
 */
import { atClock, type BrokerCore } from './broker-core.ts'
import { clientDeparted, rememberClient } from './client-memory.ts'
import { publishWill } from './delayed-will.ts'
import { discardDeliveries } from './delivery.ts'
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
  clientDeparted(core, session.clientId)
  // [MQTT-3.1.3-9]: a delayed will goes out when the session ends, at the latest.
  publishWill(core, session)
}

/** Sets the end of a session whose client left at `session.disconnectedAtMs`. */
export function expireLater(core: BrokerCore, session: Session): void {
  const endsAtMs = session.disconnectedAtMs + session.expirySeconds * 1000
  core.due.remove(session.expiry)
  session.expiry = atClock(core, endsAtMs, () => endSession(core, session))
  rememberClient(core, session.clientId, endsAtMs)
}
