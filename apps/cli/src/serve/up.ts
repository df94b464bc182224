/** A server by itself, from its start to Ctrl-C. */
import { giveBackMemory, startServer, yieldV8Threads } from '@muster/server'
import { consoleInBackground } from './console-build.ts'
import { shownHost } from './reachable-host.ts'
import { serverOptions } from './server-options.ts'
import { stopSignal, unlessStopped, untilStopped } from './until-stopped.ts'
import type { UpFlags } from './up-command.ts'

/** Starts the server, says where it is, and stays until it is stopped. */
export async function runUp(flags: UpFlags): Promise<void> {
  yieldV8Threads()
  // Before anybody reads that it is ready: who then stops it must not kill it.
  const stop = stopSignal()
  const { drainSeconds, gateways: count } = flags
  const console = consoleInBackground()
  const server = await unlessStopped(stop, () =>
    startServer({
      ...serverOptions(flags, {
        freePortsWhenTaken: false,
        consoleDist: console.dist,
        signal: stop,
        recordFile: flags.record,
      }),
      drainSeconds,
      gateways: count === undefined ? undefined : { kind: 'local', count },
    }),
  )
  if (server === undefined) return
  for (const note of server.notes) process.stderr.write(`${note}\n`)
  const { mqttPort, httpsPort, alpnPort, httpPort, caFile } = server
  if (flags.json) {
    const ready = { ready: true, mqttPort, httpsPort, alpnPort, httpPort, caFile }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
  } else {
    const host = shownHost(flags.bind)
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
  console.build()
  giveBackMemory()
  await untilStopped(stop)
  await server.drain()
  await server.close()
}
