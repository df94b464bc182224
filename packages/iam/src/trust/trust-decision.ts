/**
 * Whether a role's trust lets somebody in (identities I13, I38 to I41, I58), and how directly it
 * names them: who is named by account only needs an Allow of its own too.
 */
import type { Account } from '@muster/model'
import { bindEvaluator, contextKeys, intersection, type Decision } from '@muster/policy'
import type { Identity } from '../identity/identity.ts'
import type { IdentityKeys } from '../identity/identity-keys.ts'
import type { TrustPolicy, TrustPrincipal } from './trust-policy.ts'

/** How an allowing statement names the caller, the most direct one first. */
export type TrustedAs = 'principal' | 'role' | 'account'

/** What the trust says. */
export type TrustDecision =
  | { readonly decision: 'allow'; readonly as: TrustedAs }
  | { readonly decision: Exclude<Decision, 'allow'> }

/** What a trust document is asked. */
export interface TrustQuestion {
  /** `sts:AssumeRole`, `sts:TagSession`, … */
  readonly action: string
  readonly keys: IdentityKeys
  readonly account: Account
  readonly nowMs: number
  readonly sourceIp: string | undefined
}

/** Asks for a principal of the account. */
export function decideTrust(
  trust: TrustPolicy,
  caller: Identity,
  question: TrustQuestion,
): TrustDecision {
  return decide(trust, question, (principal) => namedAs(principal, caller))
}

/** Asks for a web identity (identities I58). */
export function decideWebTrust(
  trust: TrustPolicy,
  provider: string,
  question: TrustQuestion,
): Decision {
  return decide(trust, question, (principal) =>
    principal.kind === 'everyone' ||
    (principal.kind === 'federated' && principal.provider === provider)
      ? 'principal'
      : undefined,
  ).decision
}

/** Asks for a service of AWS by its host: `credentials.iot.amazonaws.com` (neighbours N110). */
export function decideServiceTrust(
  trust: TrustPolicy,
  host: string,
  question: TrustQuestion,
): Decision {
  return decide(trust, question, (principal) =>
    principal.kind === 'everyone' || (principal.kind === 'service' && principal.host === host)
      ? 'principal'
      : undefined,
  ).decision
}

const directness: readonly TrustedAs[] = ['principal', 'role', 'account']

function decide(
  { statements }: TrustPolicy,
  { action, keys, account, nowMs, sourceIp }: TrustQuestion,
  named: (principal: TrustPrincipal) => TrustedAs | undefined,
): TrustDecision {
  const context = {
    protocol: 'https',
    nowMs: () => nowMs,
    sourceIp,
    keys: contextKeys(keys),
  } as const
  let denied = false
  const allowed = new Set<TrustedAs>()
  for (const { principals, compiled } of statements) {
    const as = mostDirect(principals.map(named))
    if (as === undefined) continue
    const policies = [{ policyName: 'trust', compiled }]
    const decision = bindEvaluator(policies, context, account).decide(action, '*')
    if (decision === 'explicitDeny') denied = true
    if (decision === 'allow') allowed.add(as)
  }
  if (denied) return { decision: 'explicitDeny' }
  const as = mostDirect([...allowed])
  return as === undefined ? { decision: 'implicitDeny' } : { decision: 'allow', as }
}

function mostDirect(named: readonly (TrustedAs | undefined)[]): TrustedAs | undefined {
  return directness.find((as) => named.includes(as))
}

/** identities I13; `"*"` matches everyone and is as good as the caller's own ARN (V3). */
function namedAs(principal: TrustPrincipal, caller: Identity): TrustedAs | undefined {
  switch (principal.kind) {
    case 'everyone':
      return 'principal'
    case 'account':
      return principal.accountId === caller.accountId ? 'account' : undefined
    case 'arn':
      if (principal.arn === caller.arn) return 'principal'
      return principal.arn === caller.principalArn ? 'role' : undefined
    case 'unique-id':
      if (caller.userId.split(':')[0] !== principal.uniqueId) return undefined
      // A role's id stands for the role, as its ARN does.
      return caller.principalArn === caller.arn ? 'principal' : 'role'
    default:
      return undefined
  }
}

/**
 * Trust and caller together (identities I39).
 *
 * @param own - what the caller's documents say: all layers, and those other than its identity ones
 */
export function trustedWith(
  trust: TrustDecision,
  own: { readonly all: Decision; readonly limits: Decision },
): Decision {
  if (trust.decision !== 'allow') return trust.decision
  if (own.all === 'explicitDeny') return 'explicitDeny'
  if (trust.as === 'principal') return 'allow'
  return intersection('allow', trust.as === 'role' ? own.limits : own.all)
}
