/**
 * Connections that say nothing (gateway G21): a packet only notes its time, and the check looks
 * when it comes up, so a busy connection costs one check per keep-alive.
 */
import { atWall, type BrokerCore } from './broker-core.ts'
import type { Connection } from './connection.ts'
import { endConnection, type Ending } from './end-connection.ts'

/**
 * Ends the connection once no whole packet came for `silenceMs` of wall time; replaces an earlier
 * watch.
 */
export function watchIdle(
  core: BrokerCore,
  connection: Connection,
  silenceMs: number,
  ending: Ending,
): void {
  core.wallDue.remove(connection.idle)
  connection.idle = atWall(core, connection.lastPacketWallMs + silenceMs, () => {
    connection.idle = undefined
    if (core.ports.time.wallMs() - connection.lastPacketWallMs >= silenceMs) {
      endConnection(core, connection, ending)
    } else watchIdle(core, connection, silenceMs, ending)
  })
}
