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
  /** ARN of the certificate, user or session. */
  readonly principal: string | null
  /** The server's word: `certificate`, `user`, `role-session`, `cognito-auth`, `cognito-guest`. */
  readonly principalKind?: string | null
  /** `us-east-1:UUID`; Cognito identities only. */
  readonly cognitoIdentityId?: string | null
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

/** Whose request was refused: only devices and identities that have logged in have IoT policies. */
export type PrincipalKind = 'certificate' | 'identity' | 'guest' | 'operator' | 'unknown'

const kinds: Readonly<Record<string, PrincipalKind>> = {
  certificate: 'certificate',
  'cognito-auth': 'identity',
  'cognito-guest': 'guest',
}

/** Which kind of principal was refused. */
export function principalKind({
  principal,
  principalId,
  principalKind: told,
}: Pick<Denial, 'principal' | 'principalId' | 'principalKind'>): PrincipalKind {
  if (told) return kinds[told] ?? 'operator'
  if (principal?.includes(':cert/')) return 'certificate'
  if (principal !== null && /:(iam|sts):/.test(principal)) return 'operator'
  if (principalId === null) return 'unknown'
  return /^[0-9a-f]{64}$/.test(principalId) ? 'certificate' : 'operator'
}

/** What IoT policies are attached to: the certificate's ARN, or the identity's id. */
export function policyTargetOf(denial: Denial): string | undefined {
  const kind = principalKind(denial)
  if (kind === 'certificate') return denial.principal ?? undefined
  return kind === 'identity' ? (denial.cognitoIdentityId ?? undefined) : undefined
}

/** Who was refused, as one name. */
export function whoOf(denial: Denial): string {
  const { thingName, clientId, principal, principalId, sourceIp } = denial
  if (denial.cognitoIdentityId) return denial.cognitoIdentityId
  if (principalKind(denial) === 'operator') {
    return principal === null ? (principalId ?? sourceIp) : principal.split(':').slice(5).join(':')
  }
  return thingName ?? clientId ?? principalId ?? sourceIp
}
