/**
 * Short ways to say a policy in a test.
 */
import { compilePolicy } from '../src/compile/compiled-policy.ts'
import type { Decision } from '../src/decide/decider.ts'
import { bindEvaluator, type Evaluator, type NamedPolicy } from '../src/decide/evaluator.ts'
import { contextKeys, type PolicyContext } from '../src/decide/policy-context.ts'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import type { PolicyKind } from '../src/parse/policy-document.ts'

export const account = { region: 'us-east-1', accountId: '123456789012' }

/** ARN in the tests' account: `topic/a`. */
export function arn(resource: string): string {
  return `arn:aws:iot:us-east-1:123456789012:${resource}`
}

/** A policy of these statements. */
export function named(
  statements: object | readonly object[],
  options: { kind?: PolicyKind; version?: string; policyName?: string } = {},
): NamedPolicy {
  const { kind = 'iot', version = '2012-10-17', policyName = 'test' } = options
  const parsed = parsePolicy(JSON.stringify({ Version: version, Statement: statements }), kind)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { policyName, compiled: compilePolicy(parsed.value) }
}

/** An MQTT connection. */
export function mqtt(context: Partial<PolicyContext> = {}): PolicyContext {
  return { protocol: 'mqtt', clientId: 't1', ...context }
}

/** An evaluator of one policy. */
export function evaluator(
  statements: object | readonly object[],
  context: Partial<PolicyContext> = {},
  kind: PolicyKind = 'iot',
): Evaluator {
  return bindEvaluator([named(statements, { kind })], mqtt(context), account)
}

/** What an Allow under one condition decides, when these keys are in the context. */
export function underCondition(
  condition: object,
  keys: Readonly<Record<string, string | readonly string[] | undefined>>,
): Decision {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition }
  return evaluator(statement, { keys: contextKeys(keys) }).decide('iot:Connect', arn('client/c'))
}
