/**
 * Audits a policy: Device Defender's checks (authz section 12) and lints (section 13).
 */
import { compilePolicy } from '../compile/compiled-policy.ts'
import type { PolicyDocument } from '../parse/policy-document.ts'
import { cognitoRoleFindings } from './cognito-role-check.ts'
import { documentLints } from './document-lints.ts'
import type { AuditSubject, Finding } from './finding.ts'
import { misconfigurationFindings } from './misconfiguration-check.ts'
import { permissiveFindings } from './permissive-check.ts'

/**
 * Everything worth telling about a policy, in order of its statements.
 *
 * @param subject - what the document is attached to; operators' policies have no checks of their
 *   own, only the mistake of using thing variables (authz F16)
 */
export function auditPolicy(document: PolicyDocument, subject: AuditSubject): readonly Finding[] {
  return findingsOf(document, subject).toSorted(
    (left, right) => (left.statement ?? -1) - (right.statement ?? -1),
  )
}

function findingsOf(document: PolicyDocument, subject: AuditSubject): readonly Finding[] {
  const policy = compilePolicy(document)
  if (subject === 'iot') {
    return [
      ...permissiveFindings(policy),
      ...misconfigurationFindings(policy),
      ...documentLints(policy),
    ]
  }
  const things = policy.variables.filter(({ key }) => key.startsWith('iot:connection.thing.'))
  const lints = things.map(({ name }): Finding => ({
    code: 'THING_VARIABLE_IN_IAM_POLICY',
    check: undefined,
    level: 'warning',
    message: `\`\${${name}}\` has no value in an IAM policy, so what uses it matches nothing`,
    statement: undefined,
    position: { line: 1, column: 1 },
  }))
  if (subject === 'iam') return lints
  return [...lints, ...cognitoRoleFindings(policy, subject === 'cognitoAuthenticated')]
}
