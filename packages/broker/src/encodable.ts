/**
 * A message that cannot be encoded, for a bug or because its record was damaged, is the end of the
 * connection that was to get it, and of nothing else.
 */
import type { BrokerCore } from './broker-core.ts'
import type { PublishBytes } from './publish-bytes.ts'
import { reasonCode } from './reason-codes.ts'
import type { Session } from './session.ts'

/**
 * Whether a message can be sent to a client as it gets it, or measured to wait for one that is away.
 * Where it cannot, that is told, and the client's connection ends when the current call is done.
 */
export function isEncodable(
  core: BrokerCore,
  session: Session,
  { qos, retain }: { readonly qos: 0 | 1; readonly retain: boolean },
  bytes: PublishBytes,
): boolean {
  const { clientId, connection, protocolVersion } = session
  try {
    if (qos === 1) bytes.measure()
    if (connection !== undefined) bytes.make(protocolVersion, qos, retain)
    return true
  } catch (cause) {
    if (core.ports.undeliverable === undefined) throw cause
    const { topic } = bytes
    core.ports.undeliverable(cause, { clientId, topic })
    if (connection !== undefined) {
      const detail = `a message on \`${topic}\` that cannot be encoded`
      const code = reasonCode.unspecifiedError
      core.ending.set(connection, { reason: 'SERVER_ERROR', code, detail })
    }
    return false
  }
}
