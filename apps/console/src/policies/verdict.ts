/** An answer of TestAuthorization in words. */
import type { AuthResult, Policy } from '@aws-sdk/client-iot'

/** How it is shown. */
export interface VerdictInWords {
  readonly type: 'success' | 'error'
  readonly header: string
  readonly sentence: string
}

/** What was decided, by which policies, and what the server could not know. */
export function verdictOf(result: AuthResult): VerdictInWords {
  const { authDecision, allowed, denied, missingContextValues = [] } = result
  const missing =
    missingContextValues.length === 0
      ? ''
      : ` Without a value here: ${missingContextValues.join(', ')}.`
  if (authDecision === 'ALLOWED') {
    const by = names(allowed?.policies)
    return { type: 'success', header: 'Allowed', sentence: `By ${by}.${missing}` }
  }
  if (authDecision === 'EXPLICIT_DENY') {
    const by = names(denied?.explicitDeny?.policies)
    return { type: 'error', header: 'Denied by a statement', sentence: `By ${by}.${missing}` }
  }
  return {
    type: 'error',
    header: 'Denied: nothing allows it',
    sentence: `Asked were ${names(denied?.implicitDeny?.policies)}.${missing}`,
  }
}

function names(policies: readonly Policy[] = []): string {
  if (policies.length === 0) return 'no policy'
  const listed = policies.map(({ policyName }) => policyName).join(', ')
  return `${policies.length === 1 ? 'policy' : 'policies'} ${listed}`
}
