/** How a simulated server is set up. */
import { entryLog } from '@muster/server'
import type { ServerOptions } from '@muster/server/options'
import { plainOptions } from '@muster/server/testkit/plain-options'

const log = entryLog(process.env['MUSTER_SIM_LOG'] ?? 'silent', (entry) => console.error(entry))

/** @param stop - called when a commit failed and the process must end */
export function serverOptions(stop: () => void): ServerOptions {
  return {
    ...plainOptions,
    log,
    onCommitFailed: stop,
  }
}
