/** A command with a server of its own: both begin and end together. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startServer, type RunningServer } from '@muster/server'
import { WELL_KNOWN_OPERATOR } from '../flags/environment-operator.ts'
import { runChild, SignalRelay } from './child-process.ts'
import { clientEnvironment, hiddenVariables } from './client-environment.ts'
import type { ExecFlags } from './exec-command.ts'
import { freshServerOptions } from './fresh-server.ts'

/** The exit status when there is no server to run the command with. */
const NO_SERVER = 125

/**
 * Starts a server on free ports in a temporary folder, runs the command with the server's addresses in
 * its environment, and takes both away again, however the command ends.
 *
 * @returns the command's exit status; 128 and the signal's number when a signal ended it; 127 when
 *   there is no such command, 126 when it cannot be run, 125 when the server does not start
 */
export async function runExec(command: readonly string[], flags: ExecFlags): Promise<number> {
  const signals = new SignalRelay()
  let folder: string | undefined
  const remove = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
  // Also when something ends this process in the middle.
  process.once('exit', remove)
  try {
    folder = mkdtempSync(join(tmpdir(), 'muster-exec-'))
    const server = await startServer(freshServerOptions(folder, flags))
    try {
      return signals.earlyStatus ?? (await runChild(command, environment(server, flags), signals))
    } finally {
      await server.close()
    }
  } catch (cause) {
    process.stderr.write(`muster: no server: ${(cause as Error).message}\n`)
    return NO_SERVER
  } finally {
    process.off('exit', remove)
    remove()
    signals.release()
  }
}

function environment(server: RunningServer, { region }: ExecFlags): NodeJS.ProcessEnv {
  const url = `http://localhost:${server.httpPort}`
  return {
    ...visible(process.env),
    ...clientEnvironment({ operator: WELL_KNOWN_OPERATOR, region, url, server }),
    // Commands of `muster` find the server by its folder.
    MUSTER_DATA: dirname(dirname(server.caFile)),
  }
}

/** The environment without what would lead clients to another server or account. */
function visible(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hidden = new Set([...hiddenVariables, 'MUSTER_ACCESS_KEY_ID', 'MUSTER_SECRET_ACCESS_KEY'])
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !hidden.has(name)))
}
