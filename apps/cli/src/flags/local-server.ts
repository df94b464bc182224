/** The server that a command means when it names no other: the one of the data folder. */
import { DEFAULT_PORTS } from '@muster/server/options'
import { runningServer, type ServerAddress } from '@muster/server/running-server'
import { isElsewhere, type ElsewhereFlags } from './elsewhere.ts'

/** Flags by which a command names its server. */
export interface LocalServerFlags {
  readonly data: string
  readonly mqttPort?: number
  readonly httpsPort?: number
  readonly alpnPort?: number
  readonly httpPort?: number
  readonly region?: string
}

/** The ports of a server on this machine and the region it stands for. */
export type LocalServer = Pick<
  ServerAddress,
  'mqttPort' | 'httpsPort' | 'alpnPort' | 'httpPort' | 'region'
> & {
  /** What the server of the data folder told; undefined when another is meant, or none runs. */
  readonly running: ServerAddress | undefined
}

const DEFAULT_REGION = 'us-east-1'

/**
 * The server that the flags name: their ports, else those of the server that runs on the data folder,
 * else the default ones.
 */
export function localServer(flags: LocalServerFlags): LocalServer {
  const found = runningServer(flags.data)
  // Another HTTP port is another server: nothing else of this one is true of it.
  const running =
    flags.httpPort === undefined || flags.httpPort === found?.httpPort ? found : undefined
  return {
    running,
    mqttPort: flags.mqttPort ?? running?.mqttPort ?? DEFAULT_PORTS.mqttPort,
    httpsPort: flags.httpsPort ?? running?.httpsPort ?? DEFAULT_PORTS.httpsPort,
    alpnPort: flags.alpnPort ?? running?.alpnPort ?? DEFAULT_PORTS.alpnPort,
    httpPort: flags.httpPort ?? running?.httpPort ?? DEFAULT_PORTS.httpPort,
    region: flags.region ?? running?.region ?? DEFAULT_REGION,
  }
}

/**
 * The flags with the ports of the data folder's server, where they name no server elsewhere. Of
 * another server on this machine only the HTTP port is known: it is asked for its others.
 */
export function targetedFlags<F extends LocalServerFlags & ElsewhereFlags>(
  flags: F,
): F & { readonly region: string } {
  const { region = DEFAULT_REGION } = flags
  if (isElsewhere(flags)) return { ...flags, region }
  const { running, ...server } = localServer(flags)
  return running === undefined
    ? { ...flags, httpPort: server.httpPort, region: server.region }
    : { ...flags, ...server }
}
