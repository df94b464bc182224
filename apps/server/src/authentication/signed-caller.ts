/** Authentication of operators: from a signed request to the identity that signed it. */
import { verifySignature, type SignedRequest } from '@muster/aws-protocol'
import { accept, refuse, type Outcome } from '@muster/model'
import { isGuessable } from './guessable-key.ts'
import type { AccessKey, AccessKeys } from './iam-users.ts'
import { foreignSite } from './origin.ts'

/** What authentication needs. */
export interface AuthenticationPorts {
  readonly region: string
  readonly keys: AccessKeys
  /** Wall time, epoch milliseconds: signatures do not follow a virtual clock (design decision 8). */
  readonly wallMs: () => number
  /** Host names by which this server is known, without ports. */
  readonly knownHosts: readonly string[]
}

/** An authenticated operator. */
export interface SignedCaller {
  readonly key: AccessKey
  readonly accessKeyId: string
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
 */
export async function authenticateSigned(
  ports: AuthenticationPorts,
  request: SignedRequest,
  scopes: readonly string[],
  webSocket = false,
): Promise<Outcome<SignedCaller>> {
  const verified = await verifySignature(request, {
    region: ports.region,
    services: scopes,
    wallMs: ports.wallMs(),
    secretOf: (accessKeyId) => ports.keys.find(accessKeyId),
    webSocket,
  })
  if (!verified.ok) return verified
  const { accessKeyId, service } = verified.value
  const key = ports.keys.find(accessKeyId)
  if (key === undefined) {
    return refuse(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  }
  const isForeign = foreignSite(request.headers, ports.knownHosts)
  if (isForeign && isGuessable(accessKeyId, key.secretAccessKey)) {
    return refuse(
      'AccessDeniedException',
      `Web pages of another origin may not use the access key '${accessKeyId}', whose secret can be guessed; ` +
        'give the server operators with long random secrets (--iam, or MUSTER_SECRET_ACCESS_KEY)',
    )
  }
  return accept({ key, accessKeyId, scope: service })
}
