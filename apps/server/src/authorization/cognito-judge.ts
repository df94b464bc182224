/**
 * An authenticated Cognito identity (identities I93): seven actions need its role and the IoT
 * policies that are attached to it; everything else looks at the role alone.
 */
import type { LayeredDecider } from '@muster/iam'
import { cognitoIdentity, type Evaluator, type Explanation } from '@muster/policy'

/**
 * The judge of an authenticated identity.
 *
 * @param role - the role's documents, its boundary and the session's
 * @param attached - the IoT policies attached to the identity
 */
export function cognitoJudge(
  role: LayeredDecider,
  attached: Evaluator,
  identityId: string,
): LayeredDecider {
  const both = cognitoIdentity(role, attached)
  return {
    decide: (action, resource) => both.decide(action, resource),
    decideTopic: (action, topic) => both.decideTopic(action, topic),
    // Only the control plane tells of layers, and none of its actions asks both sides.
    verdict: (action, resource) => role.verdict(action, resource),
    explain: (action, resource) =>
      role.decide(action, resource) === 'allow' && both.decide(action, resource) !== 'allow'
        ? attachedExplanation(attached, identityId, action, resource)
        : role.explain(action, resource),
  }
}

/** identities I100: which of the two sides is missing, and the call that adds it. */
function attachedExplanation(
  attached: Evaluator,
  identityId: string,
  action: string,
  resource: string,
): Explanation {
  const explanation = attached.explain(action, resource)
  if (attached.policies.length > 0) return explanation
  return {
    ...explanation,
    summary: `${action} on ${resource} is denied: the role allows it, but no IoT policy is attached to the Cognito identity ${identityId}, which needs both`,
    hints: [`aws iot attach-policy --policy-name POLICY --target ${identityId}`],
  }
}
