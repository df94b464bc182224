/**
 * Standard properties as findings of an audit: what a policy by itself lets a device do to others.
 */
import type { Finding } from '../audit/finding.ts'
import { compilePolicy } from '../compile/compiled-policy.ts'
import { bindEvaluator } from '../decide/evaluator.ts'
import type { PolicyDocument } from '../parse/policy-document.ts'
import { vectorContext } from '../vectors/vector-context.ts'
import { usualAccount } from './proven-accounts.ts'
import { provePolicies } from './prove-policies.ts'
import type { ProvenVector } from './proven-vector.ts'
import { auditedProperties } from './standard-properties.ts'

/** An audit of one document takes for granted that certificates are named after things. */
const given = { 'iot:certificate.subject.commonname': '{own}' }

/**
 * What of the standard properties the policy contradicts, with the request that does; a note each,
 * for other policies of the same device may deny it.
 */
export function propertyFindings(document: PolicyDocument, json: unknown): readonly Finding[] {
  const compiled = compilePolicy(document)
  const policies = [{ policyName: 'policy', compiled, document: json }]
  return auditedProperties.flatMap((property): readonly Finding[] => {
    const proof = provePolicies({ policies, property: { ...property, given } })
    if (proof.answer !== 'counterexample') return []
    const index = allowedBy(proof.vector, policies)
    const statement = document.statements[index ?? -1]
    const request = proof.vector.requests.at(-1)
    return [
      {
        code: property.name,
        check: undefined,
        level: 'note',
        message: `not so: ${property.says}; ${whoAsks(proof.vector)} may ${request?.action} on ${request?.resource}`,
        statement: index,
        position: statement?.position ?? { line: 1, column: 1 },
      },
    ]
  })
}

function allowedBy(
  vector: ProvenVector,
  policies: Parameters<typeof bindEvaluator>[0],
): number | undefined {
  const { action = '', resource = '' } = vector.requests.at(-1) ?? {}
  const context = vectorContext(vector.context)
  const evaluator = bindEvaluator(policies, context, vector.account ?? usualAccount)
  return evaluator.explain(action, resource).decidedBy[0]?.statement
}

/** A vector's device in words. */
export function whoAsks({ context }: Pick<ProvenVector, 'context'>): string {
  const { thingName, thingAttached, clientId, protocol, exclusive } = context
  const thing =
    thingAttached === true
      ? `a device attached to ${thingName}${exclusive === true ? ' exclusively' : ''}`
      : 'a device attached to no thing'
  const how = protocol === 'https' ? 'over HTTPS' : `as client ${clientId}`
  return `${thing}, ${how},`
}
