/** Where a core and its gateways meet, and by which credentials. */
import { isLoopback } from '../exposure.ts'

/** A NATS server, or several of one cluster. */
export interface BusOptions {
  /** `nats://HOST:PORT`, or `tls://`; several with commas. */
  readonly url: string
  /** PEM of the authority that issued the server's certificate; undefined: the system's. */
  readonly caFile: string | undefined
  /** A NATS credentials file. */
  readonly credentialsFile: string | undefined
  /** In the place of a file. */
  readonly user: { readonly name: string; readonly password: string } | undefined
}

/** A bus that is not used so; the message says what was expected. */
export class BusError extends Error {
  override readonly name = 'BusError'
}

/** Hosts and ports of a bus, as NATS's client takes them. */
export function busServers(url: string): string[] {
  return url.split(',').map((one) => {
    const parsed = URL.parse(one)
    if (parsed === null || !['nats:', 'tls:'].includes(parsed.protocol) || parsed.hostname === '') {
      throw new BusError(`--bus \`${one}\`: expected nats://HOST:PORT or tls://HOST:PORT`)
    }
    if (parsed.username !== '' || parsed.password !== '') {
      throw new BusError(
        '--bus holds a password, which ps shows: give MUSTER_BUS_USER and MUSTER_BUS_PASSWORD in ' +
          'the environment, or --bus-credentials FILE',
      )
    }
    return `${parsed.hostname}:${parsed.port === '' ? 4222 : parsed.port}`
  })
}

/** Whether all of a bus is on this machine. */
export function isLocalBus({ url }: Pick<BusOptions, 'url'>): boolean {
  return busServers(url).every((server) => isLoopback(hostOf(server)))
}

/** Whether the bus is spoken to over TLS: always beyond this machine. */
export function isSecureBus(options: Pick<BusOptions, 'url' | 'caFile'>): boolean {
  const asked = options.caFile !== undefined || options.url.includes('tls://')
  return asked || !isLocalBus(options)
}

/**
 * Refuses a bus beyond this machine without credentials and a join token: whoever speaks on it speaks
 * for every device.
 *
 * @throws BusError
 */
export function checkBus(options: BusOptions, joinToken: string | undefined): void {
  if (joinToken === '')
    throw new BusError('an empty join token protects nothing: give one, or none')
  if (isLocalBus(options)) return
  if (options.credentialsFile === undefined && options.user === undefined) {
    throw new BusError(
      `--bus ${options.url} is beyond this machine and needs credentials: --bus-credentials FILE, ` +
        'or MUSTER_BUS_USER and MUSTER_BUS_PASSWORD in the environment',
    )
  }
  if (joinToken === undefined) {
    throw new BusError(
      `--bus ${options.url} is beyond this machine and needs a join token: MUSTER_JOIN_TOKEN in the ` +
        'environment, or --join-token-file FILE',
    )
  }
}

function hostOf(server: string): string {
  return server.slice(0, server.lastIndexOf(':')).replace(/^\[|\]$/g, '')
}
