/**
 * Whoever decides: one evaluator, or two that must agree.
 */
import type { Decision, Evaluator } from './evaluator.ts'

/** Decides an action on a resource. */
export interface DecisionSource {
  decide(action: string, resource: string): Decision
}

/** authz A7: what an authenticated Cognito identity needs both of its policies for. */
const cognitoIntersection: ReadonlySet<string> = new Set([
  'iot:connect',
  'iot:publish',
  'iot:subscribe',
  'iot:receive',
  'iot:getthingshadow',
  'iot:updatethingshadow',
  'iot:deletethingshadow',
])

/** Both must allow; an explicit deny of either wins. */
export function intersection(first: Decision, second: Decision): Decision {
  if (first === 'explicitDeny' || second === 'explicitDeny') return 'explicitDeny'
  return first === 'allow' && second === 'allow' ? 'allow' : 'implicitDeny'
}

/** Identity and session policies of a principal: both must allow. */
export function bothAllow(first: DecisionSource, second: DecisionSource): DecisionSource {
  return {
    decide: (action, resource) =>
      intersection(first.decide(action, resource), second.decide(action, resource)),
  }
}

/**
 * An authenticated Cognito identity (authz A6, A7).
 *
 * @param role - the IAM role's policies
 * @param attached - the IoT policies attached to the identity
 */
export function cognitoIdentity(role: Evaluator, attached: Evaluator): DecisionSource {
  return {
    decide: (action, resource) => {
      const decision = role.decide(action, resource)
      return cognitoIntersection.has(action.toLowerCase())
        ? intersection(decision, attached.decide(action, resource))
        : decision
    },
  }
}
