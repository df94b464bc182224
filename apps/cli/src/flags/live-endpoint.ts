/** The account that `--live` reads, who signs there, and what is said where nobody answers. */
import { urlHost } from '../serve/reachable-host.ts'
import { isElsewhere, type ElsewhereFlags } from './elsewhere.ts'
import { localOperator, type Operator } from './environment-operator.ts'
import { localServer, targetedFlags, type LocalServerFlags } from './local-server.ts'

/** Where to read, and as whom. */
export interface LiveEndpoint {
  /** Control plane URL; undefined: AWS's own. */
  readonly endpoint: string | undefined
  /** AWS profile. */
  readonly profile: string | undefined
  readonly region: string
  /** Who signs on the server of this machine; undefined: whom AWS's SDK finds. */
  readonly operator: Operator | undefined
}

/**
 * The place that the flags name. The server of this machine is asked as its operator, whatever keys of AWS
 * the environment has.
 */
export function liveEndpoint(flags: LocalServerFlags & ElsewhereFlags): LiveEndpoint {
  const { endpoint, profile } = flags
  if (isElsewhere(flags)) {
    return { endpoint, profile, region: targetedFlags(flags).region, operator: undefined }
  }
  const { httpPort, region, running } = localServer(flags)
  const host = running === undefined ? 'localhost' : urlHost(running.bind)
  return {
    endpoint: `http://${host}:${httpPort}`,
    profile: undefined,
    region,
    operator: localOperator(),
  }
}

const UNREACHED: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND'])

/**
 * Runs what asks a server.
 *
 * @throws Error that says what to do where no server answers, it does not know the operator's key, or no keys
 *   are found; else what was thrown
 */
export async function answered<T>(
  { endpoint, operator, profile }: Omit<LiveEndpoint, 'region'>,
  asking: () => Promise<T>,
): Promise<T> {
  try {
    return await asking()
  } catch (cause) {
    const { code, name } = cause as { readonly code?: unknown; readonly name?: unknown }
    if (endpoint !== undefined && UNREACHED.has(code)) {
      const mend = operator === undefined ? '' : ': `muster up`'
      throw new Error(`no server answers at ${endpoint} (${String(code)})${mend}`, { cause })
    }
    // Loaded only here: it has the SDK with it.
    const { isUnknownKey, mendKeys } = await import('@muster/fleet/control')
    const mend = isUnknownKey(name) && operator === undefined ? undefined : mendKeys(name, profile)
    if (mend === undefined) throw cause
    const said = isUnknownKey(name)
      ? `the server knows no access key ${operator?.accessKeyId}`
      : (cause as Error).message
    throw new Error(`${said}: ${mend}`, { cause })
  }
}
