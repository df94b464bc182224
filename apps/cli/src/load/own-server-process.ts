/** The server of a load run that names none, in a process of its own: its CPU is its own. */
import { startServer, yieldV8Threads } from '@muster/server'
import { Command } from 'commander'
import { addServerBehaviourFlags, type ServerBehaviourFlags } from '../flags/server-flags.ts'
import { freshServerOptions } from '../serve/fresh-server.ts'

/** What the process says when it is ready. */
export interface OwnServerReady {
  readonly mqttPort: number
  readonly httpsPort: number
  readonly httpPort: number
}

const [, , folder = ''] = process.argv
yieldV8Threads()
const command = addServerBehaviourFlags(new Command(), 'system')
command.parse([], { from: 'user' })
// What devices are denied on purpose is no news.
const flags: ServerBehaviourFlags = { ...command.opts<ServerBehaviourFlags>(), logLevel: 'error' }
const server = await startServer({ ...freshServerOptions(folder, flags), adminToken: undefined })
process.on('disconnect', () => {
  void server.close().then(() => process.exit(0))
})
// Who started it ends it; Ctrl-C reaches the whole process group.
process.on('SIGINT', () => {})
const { httpPort, httpsPort, mqttPort } = server
process.send?.({ httpPort, httpsPort, mqttPort } satisfies OwnServerReady)
