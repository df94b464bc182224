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
/** AWS's words for a key that it does not know: of STS, and of the others. */
const UNKNOWN_KEY: ReadonlySet<unknown> = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
])

/**
 * Runs what asks a server.
 *
 * @throws Error that says what to do where no server answers, or it does not know the operator's key; else
 *   what was thrown
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
    if (operator !== undefined && UNKNOWN_KEY.has(name)) {
      throw new Error(
        `the server knows no access key ${operator.accessKeyId}: ` +
          'set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY to a key of a user in its --iam file',
        { cause },
      )
    }
    if (name === 'CredentialsProviderError') {
      const mend =
        profile === undefined
          ? 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile'
          : `look for the profile \`${profile}\` in AWS's configuration files`
      throw new Error(`${(cause as Error).message}: ${mend}`, { cause })
    }
    throw cause
  }
}
