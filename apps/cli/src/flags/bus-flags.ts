/** The bus between a core and its gateways: flags, environment and files. */
import type { BusOptions } from '@muster/server/gateway'
import type { Command } from 'commander'
import { inputFile, readNamedFile } from './named-file.ts'

/** Flags of whoever joins a bus. */
export interface BusFlags {
  readonly bus: string
  readonly busCa?: string
  readonly busCredentials?: string
  readonly joinTokenFile?: string
}

/** Adds them. */
export function addBusFlags(command: Command): Command {
  return command
    .requiredOption('--bus <url>', 'NATS: nats://HOST:PORT; several with commas')
    .option(
      '--bus-ca <file>',
      'PEM of the authority behind the bus; TLS always beyond loopback',
      inputFile('the PEM of an authority'),
    )
    .option(
      '--bus-credentials <file>',
      'NATS credentials file (or MUSTER_BUS_USER, MUSTER_BUS_PASSWORD)',
      inputFile('credentials of NATS'),
    )
    .option(
      '--join-token-file <file>',
      'what gateways show their core (or MUSTER_JOIN_TOKEN)',
      inputFile('a file with the token'),
    )
}

/**
 * The bus that flags and environment name.
 *
 * @throws Error when only a user or only a password is set
 */
export function busOptions(flags: BusFlags): BusOptions {
  const { MUSTER_BUS_USER: name = '', MUSTER_BUS_PASSWORD: password = '' } = process.env
  if ((name === '') !== (password === '')) {
    throw new Error('set both MUSTER_BUS_USER and MUSTER_BUS_PASSWORD, or neither')
  }
  return {
    url: flags.bus,
    caFile: flags.busCa,
    credentialsFile: flags.busCredentials,
    user: name === '' ? undefined : { name, password },
  }
}

/**
 * What gateways show their core; undefined when none is given.
 *
 * @throws Error when the file is empty or cannot be read
 */
export function joinToken({ joinTokenFile }: BusFlags): string | undefined {
  const { MUSTER_JOIN_TOKEN: environment = '' } = process.env
  if (joinTokenFile === undefined) return environment === '' ? undefined : environment
  const token = readTokenFile(joinTokenFile)
  if (token === '')
    throw new Error(`--join-token-file ${joinTokenFile} is empty: anybody could give it`)
  return token
}

function readTokenFile(file: string): string {
  return readNamedFile('--join-token-file', file, 'a file with the token').trim()
}
