/** The environment of a server's clients, as lines of a shell. */
import { environmentOperator } from '../flags/environment-operator.ts'
import { localServer, type LocalServerFlags } from '../flags/local-server.ts'
import { clientEnvironment, hiddenVariables } from './client-environment.ts'
import { shownHost } from './reachable-host.ts'

const WELL_KNOWN = { accessKeyId: 'test', secretAccessKey: 'test' }

/** Prints `export` lines for the server that the flags name. */
export function printEnvironment(flags: LocalServerFlags): void {
  const operator = environmentOperator(process.env) ?? WELL_KNOWN
  const server = localServer(flags)
  const { running, httpPort, region } = server
  if (running === undefined && flags.httpPort === undefined) {
    process.stderr.write(
      `muster: no server runs on the data folder \`${flags.data}\`: these are the default ports\n`,
    )
  }
  const variables = clientEnvironment({
    operator,
    region,
    url: `http://${running === undefined ? 'localhost' : shownHost(running.bind)}:${httpPort}`,
    ...(running !== undefined && { server: running }),
  })
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`)
  process.stdout.write(`${[...lines, `unset ${hiddenVariables.join(' ')}`].join('\n')}\n`)
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}
