/**
 * A refusal as it is kept: who wanted what, why it was refused and what would mend it.
 */
import type { Explanation } from '@muster/policy'
import type { DecidedPrincipalKind } from './principal-words.ts'

/** Who or what refuses. */
export const decisionKinds = [
  /** A handshake. */
  'tls',
  /** What stands behind a device's certificate. */
  'certificate',
  /** IoT Core and IAM policies. */
  'policy',
  /** SigV4. */
  'signature',
  /** MQTT, its limits and AWS's. */
  'mqtt',
  /** An AWS operation over HTTP. */
  'request',
  /** A device's request to Jobs. */
  'jobs',
  /** A request to a device's shadow. */
  'shadow',
  /** A request for blocks of a stream. */
  'stream',
  /** Onboarding. */
  'provisioning',
  /** The admin API and the console. */
  'admin',
] as const

export type DecisionKind = (typeof decisionKinds)[number]

/** How something was denied: by policies in one of two ways, by anything else in one. */
export const decisionEffects = ['deny', 'implicitDeny', 'explicitDeny'] as const

export type DecisionEffect = (typeof decisionEffects)[number]

/** What was refused, and to whom; undefined is what nobody knows. */
export interface Denial {
  readonly kind: DecisionKind
  readonly effect: DecisionEffect
  /** `iot:Publish`; the packet of a fault of MQTT, `SUBSCRIBE`; `TLS` for a handshake. */
  readonly action: string
  /** AWS's word: `AUTHORIZATION_FAILED`, `CLIENT_ERROR`, `SignatureDoesNotMatch`. */
  readonly reason: string
  readonly protocol: 'mqtt' | 'https'
  readonly sourceIp: string
  readonly clientId?: string | undefined
  readonly thingName?: string | undefined
  /** Certificate id, or access key. */
  readonly principalId?: string | undefined
  /** ARN of the certificate, user or session. */
  readonly principal?: string | undefined
  /** Unknown, it is `certificate` for certificates' ids. */
  readonly principalKind?: DecidedPrincipalKind | undefined
  readonly cognitoIdentityId?: string | undefined
  /** ARN, `*`, or the topic or filter it was about. */
  readonly resource?: string | undefined
}

/** Why, and what to do. */
export interface Reasons {
  /** One sentence. */
  readonly summary: string
  /** What would mend it. */
  readonly hint: string
}

/** A logged refusal: every member is there, null where nobody knows. */
export interface LoggedDecision {
  readonly id: string
  /** Clock time of the last occurrence, epoch milliseconds. */
  readonly atMs: number
  readonly kind: DecisionKind
  readonly effect: DecisionEffect
  readonly action: string
  readonly reason: string
  readonly clientId: string | null
  readonly thingName: string | null
  readonly principalId: string | null
  readonly sourceIp: string
  readonly summary: string
  readonly hint: string
  readonly resource: string | null
  readonly principal: string | null
  /** Who it was: an IAM user, a role session, a Cognito guest, a certificate, … */
  readonly principalKind: DecidedPrincipalKind | null
  /** `us-east-1:UUID`; Cognito identities only. */
  readonly cognitoIdentityId: string | null
  readonly protocol: 'mqtt' | 'https'
  /** Clock time of the first occurrence, epoch milliseconds. */
  readonly firstAtMs: number
  /** As `atMs`. */
  readonly lastAtMs: number
  /** Occurrences: the same refusal again does not push others out of the log. */
  readonly count: number
  /** As `id`. */
  readonly decisionId: string
}

/** A logged refusal with what there is to know about it. */
export interface ExplainedDecision extends LoggedDecision {
  readonly explanation: Explanation
}

/** Which refusals are wanted; a member that is absent takes all. */
export interface DecisionFilter {
  readonly clientId?: string | undefined
  readonly thingName?: string | undefined
  /** The certificate's id or ARN, the access key, the signer's ARN or the Cognito identity's id. */
  readonly principalId?: string | undefined
  readonly principalKind?: DecidedPrincipalKind | undefined
  readonly kind?: DecisionKind | undefined
  readonly action?: string | undefined
  /** `deny` takes every effect. */
  readonly effect?: DecisionEffect | undefined
  readonly reason?: string | undefined
  /** Clock time of the last occurrence, epoch milliseconds, first and last that is taken. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

/** Whether a refusal is one of those wanted. */
export function isWanted(denial: Denial, atMs: number, filter: DecisionFilter): boolean {
  const { principalId, effect, sinceMs = -Infinity, untilMs = Infinity } = filter
  return (
    is(filter.kind, denial.kind) &&
    is(filter.action, denial.action) &&
    is(filter.reason, denial.reason) &&
    is(filter.clientId, denial.clientId) &&
    is(filter.thingName, denial.thingName) &&
    is(filter.principalKind, denial.principalKind) &&
    (is(principalId, denial.principalId) ||
      principalId === denial.principal ||
      principalId === denial.cognitoIdentityId) &&
    (effect === 'deny' || is(effect, denial.effect)) &&
    atMs >= sinceMs &&
    atMs <= untilMs
  )
}

function is<T>(wanted: T | undefined, found: T | undefined): boolean {
  return wanted === undefined || wanted === found
}
