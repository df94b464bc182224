/** An explanation for people. */
import type { ExplainedStatement, Explanation } from '@muster/policy'
import { counted } from '../counted.ts'

/**
 * The decision, what would change it, and the statements that decide: those that matched, or the one
 * that came nearest, with the variables they use.
 *
 * @param options.all - every statement and every variable instead
 */
export function explanationText(
  explanation: Explanation,
  { all }: { readonly all: boolean },
): string {
  const statements = all ? explanation.statements : explanation.statements.filter(decides)
  const used = JSON.stringify(statements).toLowerCase()
  const lines = [explanation.summary]
  for (const hint of explanation.hints) lines.push(`  hint: ${hint}`)
  for (const { name, value, undefinedBecause } of explanation.variables) {
    if (!all && !used.includes(name.toLowerCase())) continue
    lines.push(
      `  ${name}: ${value === undefined ? `undefined, ${undefinedBecause}` : String(value)}`,
    )
  }
  for (const statement of statements) lines.push(...statementLines(statement))
  const hidden = explanation.statements.length - statements.length
  if (hidden > 0) lines.push(`  ${counted(hidden, 'more statement')} with --all`)
  return `${lines.join('\n')}\n`

  function decides({ policyName, statement }: ExplainedStatement): boolean {
    const { decidedBy, nearestMiss } = explanation
    return [...decidedBy, ...(nearestMiss === undefined ? [] : [nearestMiss])].some(
      (name) => name.policyName === policyName && name.statement === statement,
    )
  }
}

function statementLines(explained: ExplainedStatement): readonly string[] {
  const { policyName, statement, sid, effect, matched, action, resource, conditions } = explained
  const title = `${policyName} statement ${statement}${sid === undefined ? '' : ` (${sid})`}`
  return [
    `  ${matched ? 'matches' : 'no match'}: ${effect} of ${title}`,
    `    ${mark(action.matched)} ${action.not ? 'NotAction' : 'Action'} ${entries(action)}`,
    `    ${mark(resource.matched)} ${resource.not ? 'NotResource' : 'Resource'} ${entries(resource)}`,
    ...conditions.map(({ operator, key, expected, actual, holds }) => {
      const found = actual === undefined ? 'absent' : String(actual)
      return `    ${mark(holds)} ${operator} ${key} ${expected.join(' or ')} (it is ${found})`
    }),
  ]
}

function mark(holds: boolean): string {
  return holds ? 'yes' : 'no '
}

function entries(clause: ExplainedStatement['action']): string {
  return clause.entries
    .map(({ entry, substituted }) =>
      substituted === entry ? entry : `${entry} = ${substituted ?? 'undefined'}`,
    )
    .join(', ')
}
