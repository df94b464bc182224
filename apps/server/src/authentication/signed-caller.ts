/** Authentication of operators: from a signed request to the identity that signed it. */
import { verifySignature, type SignedRequest } from '@muster/aws-protocol'
import type { Identity } from '@muster/iam'
import { accept, refuse, type Outcome } from '@muster/model'
import type { AccessKey, AccessKeys } from './access-keys.ts'
import { isGuessable } from './guessable-key.ts'
import { foreignSite } from './origin.ts'

/** What authentication needs. */
export interface AuthenticationPorts {
  readonly region: string
  readonly keys: AccessKeys
  /** Wall time, epoch milliseconds: signatures do not follow a virtual clock (design decision 8). */
  readonly wallMs: () => number
  /** Host names by which this server is known, without ports. */
  readonly knownHosts: readonly string[]
  /** Origins of `--cors-origin`, whose pages may make unsigned calls. */
  readonly corsOrigins: readonly string[]
}

/** An authenticated operator. */
export interface SignedCaller {
  readonly key: AccessKey
  /** Who the key belonged to when the request was verified. */
  readonly identity: Identity
  /** Service of the credential scope. */
  readonly scope: string
}

/**
 * Authenticates a signed request.
 *
 * Refuses as `verifySignature` does, and with `AccessDeniedException` when a web page of another
 * origin signs with a key that it can guess.
 *
 * @param scopes - credential scopes taken here, the right one first
 * @param regions - regions taken besides the server's own
 */
export async function authenticateSigned(
  ports: AuthenticationPorts,
  request: SignedRequest,
  scopes: readonly string[],
  { webSocket = false, regions = [] }: { webSocket?: boolean; regions?: readonly string[] } = {},
): Promise<Outcome<SignedCaller>> {
  let key: AccessKey | undefined
  const verified = await verifySignature(request, {
    regions: [ports.region, ...regions],
    services: scopes,
    wallMs: ports.wallMs(),
    secretOf: (accessKeyId, sessionToken) => {
      key = ports.keys.find(accessKeyId, sessionToken)
      return key
    },
    webSocket,
  })
  if (!verified.ok) return verified
  const identity = key?.identity()
  if (key === undefined || identity === undefined) {
    return refuse(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  }
  const isForeign = foreignSite(request.headers, ports.knownHosts)
  if (isForeign && isGuessable(key.accessKeyId, key.secretAccessKey)) {
    return refuse(
      'AccessDeniedException',
      `Web pages of another origin may not use the access key '${key.accessKeyId}', whose secret can be guessed; ` +
        'give the server operators with long random secrets (--iam, or MUSTER_SECRET_ACCESS_KEY)',
    )
  }
  return accept({ key, identity, scope: verified.value.service })
}
