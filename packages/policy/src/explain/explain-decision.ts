/**
 * Expands a decision: every clause of every statement, every variable, the nearest miss and what
 * would fix it.
 */
import { arnMatches, requestedArn } from '../compile/arn-pattern.ts'
import { actionMatches, coversAction } from '../compile/compiled-policy.ts'
import type { SetStatement } from '../compile/policy-set.ts'
import type { Token } from '../compile/template.ts'
import { contextValue } from '../decide/context-value.ts'
import { conditionHolds } from '../decide/evaluate-condition.ts'
import type { Evaluator } from '../decide/evaluator.ts'
import type { VariableValues } from '../decide/match-template.ts'
import type {
  ExplainedClause,
  ExplainedCondition,
  ExplainedStatement,
  ExplainedVariable,
  Explanation,
  NearestMiss,
  StatementName,
} from './explanation.ts'
import { hintsFor } from './hints.ts'
import { undefinedReason } from './undefined-reason.ts'

/** Explains what `evaluator.decide(action, resource)` answers. */
export function explainDecision(
  evaluator: Evaluator,
  action: string,
  resource: string,
): Explanation {
  const decision = evaluator.decide(action, resource)
  const statements = evaluator.set.statements.map((_, index) =>
    explainStatement(evaluator, index, action, resource),
  )
  const wanted = decision === 'explicitDeny' ? 'Deny' : 'Allow'
  const decidedBy = statements.filter(({ matched, effect }) => matched && effect === wanted)
  const variables = explainVariables(evaluator, action)
  const nearestMiss = decision === 'implicitDeny' ? nearest(statements, resource) : undefined
  const partial = { decision, action, resource, variables, statements, nearestMiss }
  return {
    decision,
    summary: summary(partial, decidedBy, evaluator.policies.length),
    action,
    resource,
    variables,
    statements,
    decidedBy: decidedBy.map(nameOf),
    nearestMiss,
    hints: decision === 'allow' ? [] : hintsFor(evaluator, partial),
    missingContextValues: variables
      .filter(({ value }) => value === undefined)
      .map(({ name }) => name),
  }
}

function nameOf({ policyName, statement, sid }: StatementName): StatementName {
  return { policyName, statement, sid }
}

function explainStatement(
  evaluator: Evaluator,
  index: number,
  action: string,
  resource: string,
): ExplainedStatement {
  const entry = evaluator.set.statements[index]
  if (entry === undefined) throw new Error(`no statement ${index}`)
  const { source } = entry.statement
  const actionClause: ExplainedClause = {
    matched: coversAction(entry.statement, action),
    not: source.action.not,
    entries: source.action.entries.map((text, position) => ({
      entry: text,
      substituted: text,
      matched: actionMatches(entry.statement.actions[position] ?? [], action),
    })),
  }
  const resourceClause = explainResource(evaluator, entry, resource)
  const conditions = explainConditions(evaluator, entry, index)
  return {
    policyName: evaluator.policies[entry.policyIndex]?.policyName ?? '',
    statement: entry.policy.statements.indexOf(entry.statement),
    sid: source.sid,
    effect: source.effect,
    matched:
      actionClause.matched && resourceClause.matched && conditions.every(({ holds }) => holds),
    action: actionClause,
    resource: resourceClause,
    conditions,
  }
}

function explainResource(
  evaluator: Evaluator,
  { statement, resources }: SetStatement,
  resource: string,
): ExplainedClause {
  const requested = requestedArn(resource)
  const entries = resources.map((pattern) => ({
    entry: pattern.text,
    substituted: substitutedText(pattern.text, pattern.resource, evaluator),
    matched: arnMatches(pattern, requested, evaluator),
  }))
  const { not } = statement.source.resource
  return { matched: entries.some(({ matched }) => matched) !== not, not, entries }
}

/** The entry as it is compared; wildcards stay as they are. */
function substitutedText(
  text: string,
  tokens: readonly Token[],
  values: VariableValues,
): string | undefined {
  const decoder = new TextDecoder()
  if (tokens.every((token) => token.type !== 'variable' && token.type !== 'never')) return text
  let substituted = text.split(':', 5).join(':') + ':'
  for (const token of tokens) {
    if (token.type === 'never') return undefined
    if (token.type === 'text') substituted += token.text
    else if (token.type === 'any') substituted += '*'
    else if (token.type === 'one') substituted += '?'
    else {
      const value = values.variable(token.index)
      if (value === null) return undefined
      substituted += decoder.decode(value)
    }
  }
  return substituted
}

function explainConditions(
  evaluator: Evaluator,
  { statement }: SetStatement,
  index: number,
): readonly ExplainedCondition[] {
  const lookup = evaluator.keyLookup(index)
  return statement.conditions.map((condition) => ({
    operator: condition.source.operator.name,
    key: condition.source.key,
    expected: condition.source.values,
    actual: lookup(condition.key),
    holds: conditionHolds(condition, lookup),
  }))
}

function explainVariables(evaluator: Evaluator, action: string): readonly ExplainedVariable[] {
  const { set, context } = evaluator
  const found = new Map<string, ExplainedVariable>()
  for (const index of set.applicable(action)) {
    const entry = set.statements[index]
    if (entry === undefined) continue
    const { kind } = entry.policy.document
    const add = (name: string): void => {
      const key = name.toLowerCase()
      if (found.has(key)) return
      const value = contextValue(context, set.account, kind, key)
      found.set(key, {
        name,
        value,
        undefinedBecause: value === undefined ? undefinedReason(context, kind, key) : undefined,
      })
    }
    for (const { resource } of entry.statement.resources) addVariables(resource, add)
    for (const condition of entry.statement.conditions) {
      add(condition.source.key)
      for (const value of condition.values) addVariables(value, add)
    }
  }
  return [...found.values()]
}

function addVariables(tokens: readonly Token[], add: (name: string) => void): void {
  for (const token of tokens) if (token.type === 'variable') add(token.name)
}

/** The Allow statement whose clauses failed least. */
function nearest(
  statements: readonly ExplainedStatement[],
  resource: string,
): NearestMiss | undefined {
  let best: ExplainedStatement | undefined
  let bestScore = -1
  for (const statement of statements) {
    if (statement.effect !== 'Allow') continue
    const score = closeness(statement, resource)
    if (score > bestScore) {
      best = statement
      bestScore = score
    }
  }
  return best === undefined ? undefined : { ...nameOf(best), failed: failedClauses(best) }
}

/** Action first, then resource, then the conditions, then how much of the resource agrees. */
function closeness(statement: ExplainedStatement, resource: string): number {
  const shared = Math.max(
    0,
    ...statement.resource.entries.map(({ entry, substituted }) =>
      sharedLength(substituted ?? entry, resource),
    ),
  )
  const failed = statement.conditions.filter(({ holds }) => !holds).length
  return (
    (statement.action.matched ? 1e6 : 0) +
    (statement.resource.matched ? 1e5 : 0) +
    (failed === 0 ? 1e4 : 0) +
    Math.min(shared, 9999)
  )
}

function sharedLength(left: string, right: string): number {
  let length = 0
  while (length < left.length && left[length] === right[length]) length += 1
  return length
}

function failedClauses(statement: ExplainedStatement): readonly string[] {
  const failed: string[] = []
  if (!statement.action.matched) failed.push('action')
  if (!statement.resource.matched) failed.push('resource')
  for (const { operator, key, holds } of statement.conditions) {
    if (!holds) failed.push(`condition ${operator} ${key}`)
  }
  return failed
}

function summary(
  {
    decision,
    action,
    resource,
    nearestMiss,
  }: Omit<Explanation, 'summary' | 'decidedBy' | 'hints' | 'missingContextValues'>,
  decidedBy: readonly ExplainedStatement[],
  policyCount: number,
): string {
  const request = `${action} on ${resource}`
  const first = decidedBy[0]
  if (decision === 'explicitDeny' && first !== undefined) {
    return `${request} is denied by statement ${first.statement} of policy ${first.policyName}`
  }
  if (decision === 'allow' && first !== undefined) {
    return `${request} is allowed by statement ${first.statement} of policy ${first.policyName}`
  }
  if (policyCount === 0) return `${request} is denied: the principal has no policy`
  if (nearestMiss === undefined) return `${request} is denied: no statement allows anything`
  return (
    `${request} is denied: no statement allows it; nearest is statement ` +
    `${nearestMiss.statement} of policy ${nearestMiss.policyName}, ` +
    `which fails on ${nearestMiss.failed.join(' and ')}`
  )
}
