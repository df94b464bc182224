/**
 * What stands in the way of deciding a case, in words.
 */
import type { SetStatement } from '../compile/policy-set.ts'
import type { DeviceCase } from './device-case.ts'

/** Conditions that are not told, else that the patterns overlap in ways that are not followed. */
export function inTheWay(one: DeviceCase, statements: readonly SetStatement[]): readonly string[] {
  const reasons = new Set<string>()
  for (const { statement, policyIndex, policy } of statements) {
    for (const condition of statement.conditions) {
      if (one.truth(condition) !== undefined) continue
      const { operator, key, values } = condition.source
      const place = policy.statements.indexOf(statement)
      reasons.add(
        `the condition ${operator.name} on ${key} (${values.join(', ')}) of statement ${place} of policy ${policyIndex + 1}`,
      )
    }
  }
  if (reasons.size > 0) return [...reasons]
  const variables = statements.flatMap(({ resources }) =>
    resources.filter(({ resource }) => resource.some(({ type }) => type === 'variable')),
  )
  return [
    variables.length === 0
      ? 'a request that the patterns leave open, but that no context tried is allowed to make'
      : `values of variables that overlap with the text around them: ${[...new Set(variables.map(({ text }) => text))].slice(0, 3).join(', ')}`,
  ]
}
