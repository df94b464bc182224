/**
 * Wills that wait (MQTT 5 Will Delay Interval, gateway G28), kept over a restart.
 */
import { keptJson } from '@muster/model'
import { atClock, type BrokerCore } from './broker-core.ts'
import type { Publication } from './message.ts'
import { messageFromRecord, messageToRecord, type MessageRecord } from './message-record.ts'
import { route, toMessage } from './route.ts'
import type { Session } from './session.ts'

const willKind = 'mqtt-will'

interface WillRecord {
  readonly dueAtMs: number
  /** Counted from when the will is published. */
  readonly messageExpirySeconds: number | null
  readonly message: MessageRecord
}

/** Publishes a will at `dueAtMs`, unless {@link dropWill} or {@link publishWill} comes before. */
export function delayWill(
  core: BrokerCore,
  session: Session,
  publication: Publication,
  dueAtMs: number,
): void {
  const { messageExpirySeconds = null } = publication
  const message = messageToRecord(toMessage(core, publication, session.clientId))
  const record: WillRecord = { dueAtMs, messageExpirySeconds, message }
  core.ports.records.put(willKind, session.clientId, JSON.stringify(record))
  wait(core, session, publication, dueAtMs)
}

/** Publishes the will that waits, if one does. */
export function publishWill(core: BrokerCore, session: Session): void {
  const { delayedWill } = session
  if (delayedWill === undefined) return
  dropWill(core, session)
  route(core, toMessage(core, delayedWill.publication, session.clientId))
}

/** Forgets the will that waits, if one does. */
export function dropWill(core: BrokerCore, session: Session): void {
  if (session.delayedWill === undefined) return
  core.due.remove(session.delayedWill.due)
  session.delayedWill = undefined
  core.ports.records.delete(willKind, session.clientId)
}

/** Reads the wills that wait; those that fell due meanwhile are published as soon as time runs. */
export function restoreWills(core: BrokerCore): void {
  const rows = [...core.ports.records.load(willKind)]
  for (const { key, value } of rows) {
    const session = core.sessions.get(key)
    if (session === undefined) {
      core.ports.records.delete(willKind, key)
      continue
    }
    const { dueAtMs, messageExpirySeconds, message } = keptJson<WillRecord>(
      value,
      `record ${willKind} ${key}`,
    )
    const { topic, payload, qos, retain, properties } = messageFromRecord(message)
    const publication = { topic, payload, qos, retain, properties }
    wait(
      core,
      session,
      messageExpirySeconds === null ? publication : { ...publication, messageExpirySeconds },
      dueAtMs,
    )
  }
}

function wait(core: BrokerCore, session: Session, publication: Publication, dueAtMs: number): void {
  const due = atClock(core, dueAtMs, () => publishWill(core, session))
  session.delayedWill = { publication, due }
}
