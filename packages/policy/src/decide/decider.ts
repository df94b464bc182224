/**
 * Whoever decides: one evaluator, or two that must agree.
 */
import type { TopicAction } from '../compile/policy-set.ts'

/** authz E1. */
export type Decision = 'allow' | 'implicitDeny' | 'explicitDeny'

/** Decides for one connection or request. */
export interface Decider {
  decide(action: string, resource: string): Decision
  decideTopic(action: TopicAction, topic: string | Uint8Array): Decision
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
export function bothAllow(first: Decider, second: Decider): Decider {
  return {
    decide: (action, resource) =>
      intersection(first.decide(action, resource), second.decide(action, resource)),
    decideTopic: (action, topic) =>
      intersection(first.decideTopic(action, topic), second.decideTopic(action, topic)),
  }
}

/**
 * An authenticated Cognito identity (authz A6, A7).
 *
 * @param role - the IAM role's policies
 * @param attached - the IoT policies attached to the identity
 */
export function cognitoIdentity(role: Decider, attached: Decider): Decider {
  const both = bothAllow(role, attached)
  const decider = (action: string): Decider =>
    cognitoIntersection.has(action.toLowerCase()) ? both : role
  return {
    decide: (action, resource) => decider(action).decide(action, resource),
    decideTopic: (action, topic) => decider(action).decideTopic(action, topic),
  }
}
