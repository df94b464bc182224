/** `muster up`: the server alone. */
import { startServer, yieldV8Threads } from '@muster/server'
import type { Command } from 'commander'
import { consoleInBackground } from './console-build.ts'
import { localhostReaches, urlHost } from './reachable-host.ts'
import { addServerFlags, serverOptions, type ServerFlags } from './server-flags.ts'
import { untilStopped } from './until-stopped.ts'

/** Adds `up`. */
export function addUpCommand(program: Command): void {
  const up = program.command('up').description('start the server and stay up until Ctrl-C')
  addServerFlags(up, 'system')
    .option('--json', 'print one JSON line when ready', false)
    .action(async (flags: ServerFlags & { readonly json: boolean }) => {
      yieldV8Threads()
      const server = await startServer(
        serverOptions(flags, {
          freePortsWhenTaken: false,
          consoleDist: consoleInBackground(),
        }),
      )
      for (const note of server.notes) process.stderr.write(`${note}\n`)
      const { mqttPort, httpsPort, alpnPort, httpPort, caFile } = server
      if (flags.json) {
        const ready = { ready: true, mqttPort, httpsPort, alpnPort, httpPort, caFile }
        process.stdout.write(`${JSON.stringify(ready)}\n`)
      } else {
        const host = localhostReaches(flags.bind) ? 'localhost' : urlHost(flags.bind)
        process.stdout.write(
          [
            `MQTT, mutual TLS    ${flags.bind}:${mqttPort}`,
            `HTTPS, mutual TLS   https://${host}:${httpsPort}`,
            `TLS by ALPN         https://${host}:${alpnPort}`,
            `HTTP, SigV4         http://${host}:${httpPort}`,
            `console             http://${host}:${httpPort}/console/`,
            `authority           ${caFile}`,
            'ready; Ctrl-C stops it',
            '',
          ].join('\n'),
        )
      }
      await untilStopped()
      await server.close()
    })
}
