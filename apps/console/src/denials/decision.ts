/** Refusals as the server’s decision log tells them (`GET /_muster/decisions`). */
import type { Explanation } from '@muster/policy'

/** A refusal and its repetitions; null is what nobody knows. */
export interface Denial {
  readonly id: string
  /** `policy`, `certificate`, `mqtt`, `tls`, `signature`, `request`, `jobs`, `provisioning`, `admin`. */
  readonly kind: string
  readonly effect: 'deny' | 'implicitDeny' | 'explicitDeny'
  /** `iot:Publish`; a packet, `SUBSCRIBE`; `TLS`. */
  readonly action: string
  /** AWS's word: `AUTHORIZATION_FAILED`. */
  readonly reason: string
  readonly clientId: string | null
  readonly thingName: string | null
  /** Certificate id, or access key. */
  readonly principalId: string | null
  /** ARN of the certificate or the operator. */
  readonly principal: string | null
  readonly sourceIp: string
  /** ARN, `*`, or the topic or request that it was about. */
  readonly resource: string | null
  readonly protocol: 'mqtt' | 'https'
  readonly summary: string
  readonly hint: string
  /** Server's clock, epoch milliseconds. */
  readonly firstAtMs: number
  readonly lastAtMs: number
  readonly count: number
}

/** A refusal with its explanation (`GET /_muster/decisions/ID`). */
export interface ExplainedDenial extends Denial {
  readonly explanation: Explanation
}

/** What was refused: a device, an app's identity, an operator, or nobody that is known. */
export type PrincipalKind = 'certificate' | 'identity' | 'operator' | 'unknown'

/** Which kind of principal was refused. */
export function principalKind({
  principal,
  principalId,
}: Pick<Denial, 'principal' | 'principalId'>): PrincipalKind {
  if (principal?.includes(':cert/')) return 'certificate'
  if (principal !== null && /:(iam|sts):/.test(principal)) return 'operator'
  if (principalId === null) return 'unknown'
  if (/^[0-9a-f]{64}$/.test(principalId)) return 'certificate'
  return /^[\w-]+:[0-9a-fA-F-]{36}$/.test(principalId) ? 'identity' : 'operator'
}

/** Who was refused, as one name. */
export function whoOf(denial: Denial): string {
  const { thingName, clientId, principal, principalId, sourceIp } = denial
  if (principalKind(denial) === 'operator') {
    return principal === null ? (principalId ?? sourceIp) : principal.split(':').slice(5).join(':')
  }
  return thingName ?? clientId ?? principalId ?? sourceIp
}
