/** A core by itself, from its start to Ctrl-C. */
import { giveBackMemory, startServer, yieldV8Threads } from '@muster/server'
import { busOptions, joinToken } from '../flags/bus-flags.ts'
import { consoleInBackground } from './console-build.ts'
import type { CoreFlags } from './core-command.ts'
import { shownHost } from './reachable-host.ts'
import { serverOptions } from './server-options.ts'
import { stopSignal, unlessStopped, untilStopped } from './until-stopped.ts'

/** Starts the core, says where it is, and stays until it is stopped. */
export async function runCore(flags: CoreFlags): Promise<void> {
  yieldV8Threads()
  const stop = stopSignal()
  const console = consoleInBackground()
  const core = await unlessStopped(stop, () =>
    startServer({
      ...serverOptions(flags, {
        freePortsWhenTaken: false,
        consoleDist: console.dist,
        signal: stop,
      }),
      gateways: { kind: 'bus', bus: busOptions(flags), joinToken: joinToken(flags) },
    }),
  )
  if (core === undefined) return
  for (const note of core.notes) process.stderr.write(`${note}\n`)
  const { caFile, httpPort } = core
  if (flags.json) process.stdout.write(`${JSON.stringify({ ready: true, httpPort, caFile })}\n`)
  else {
    const host = shownHost(flags.bind)
    process.stdout.write(
      [
        `HTTP, SigV4         http://${host}:${httpPort}`,
        `console             http://${host}:${httpPort}/console/`,
        `authority           ${caFile}`,
        `gateways            join at ${flags.bus}`,
        'ready; Ctrl-C stops it',
        '',
      ].join('\n'),
    )
  }
  console.build()
  giveBackMemory()
  await untilStopped(stop)
  await core.close()
}
