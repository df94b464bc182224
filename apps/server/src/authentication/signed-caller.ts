/** Authentication of operators: from a signed request to the identity that signed it. */
import {
  statedSignature,
  verifySignature,
  type SignedRequest,
  type StatedSignature,
} from '@muster/aws-protocol'
import type { Identity } from '@muster/iam'
import { accept, refuse, type Outcome, type Refusal } from '@muster/model'
import type { RefusedSignature } from '../decisions/signature-refusals.ts'
import type { ReceivedRequest } from '../mount.ts'
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
  /** Told of every request that does not authenticate. */
  readonly refused?: (refused: RefusedSignature, refusal: Refusal) => void
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

/** How a request is authenticated where it is not as everywhere. */
export interface AuthenticationOptions {
  /** As the WebSocket gateway does. */
  readonly webSocket?: boolean
  /** Regions taken besides the server's own. */
  readonly regions?: readonly string[]
  /** The request's own, where the caller has read it. */
  readonly stated?: Outcome<StatedSignature>
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
  request: ReceivedRequest,
  scopes: readonly string[],
  options: AuthenticationOptions = {},
): Promise<Outcome<SignedCaller>> {
  const caller = await authenticate(ports, request, scopes, options)
  if (!caller.ok) refuseSigned(ports, request, caller.error, options.webSocket)
  return caller
}

/** Tells that a request did not authenticate. */
export function refuseSigned(
  ports: AuthenticationPorts,
  request: ReceivedRequest,
  refusal: Refusal,
  webSocket = false,
): void {
  const stated = statedSignature(request)
  const accessKeyId = stated.ok ? stated.value.accessKeyId : undefined
  const { method, path, sourceIp } = request
  ports.refused?.({ accessKeyId, request: `${method} ${path}`, sourceIp, webSocket }, refusal)
}

async function authenticate(
  ports: AuthenticationPorts,
  request: SignedRequest,
  scopes: readonly string[],
  { webSocket = false, regions = [], stated }: AuthenticationOptions,
): Promise<Outcome<SignedCaller>> {
  let key: AccessKey | undefined
  const options = {
    regions: [ports.region, ...regions],
    services: scopes,
    wallMs: ports.wallMs(),
    secretOf: (accessKeyId: string, sessionToken: string | undefined) => {
      key = ports.keys.find(accessKeyId, sessionToken)
      return key
    },
    webSocket,
  }
  const verified = await verifySignature(request, options, stated)
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
