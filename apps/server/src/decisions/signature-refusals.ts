/**
 * Requests whose SigV4 signature, or the lack of one, was refused (gateway G129), for the decision
 * log.
 */
import type { Refusal } from '@muster/model'
import type { Denial, Reasons } from './decision.ts'

/** A request that did not authenticate. */
export interface RefusedSignature {
  /** Access key that it names, if any. */
  readonly accessKeyId: string | undefined
  /** `GET /things`. */
  readonly request: string
  readonly sourceIp: string
  /** An upgrade to MQTT over WebSocket. */
  readonly webSocket: boolean
}

const hints: Readonly<Record<string, string>> = {
  MissingAuthenticationTokenException:
    'sign the request with SigV4: give the client an access key (`muster env` prints one), or let a device use its HTTPS port',
  IncompleteSignatureException:
    'let an AWS SDK sign: Authorization needs Credential, SignedHeaders and Signature',
  UnrecognizedClientException:
    'use an access key of this server: test/test on loopback unless --iam says otherwise; temporary ones end with a restart of another account',
  InvalidSignatureException:
    'check secret, region and service of the client and the clock of its machine; nothing between may change the request',
  ExpiredTokenException: 'get new temporary credentials',
  AccessDeniedException: 'give the server operators with long random secrets (--iam)',
}

/** A request that did not authenticate, as a denial with its reasons. */
export function signatureRefusal(
  { accessKeyId, request, sourceIp, webSocket }: RefusedSignature,
  { code, message }: Refusal,
): [Denial, Reasons] {
  const denial: Denial = {
    kind: 'signature',
    effect: 'deny',
    action: webSocket ? 'iot:Connect' : 'SigV4',
    reason: code,
    protocol: webSocket ? 'mqtt' : 'https',
    principalId: accessKeyId,
    sourceIp,
    resource: request,
  }
  const hint = hints[code] ?? 'let an AWS SDK sign the request'
  // Texts of a wrong signature quote the whole canonical request.
  return [denial, { summary: `${code}: ${message.split('\n')[0]}`, hint }]
}
