/**
 * A policy ready to decide with. Immutable and shared by every connection that it is attached to:
 * what differs between connections are only the variables' values.
 */
import type { Comparison } from '../parse/condition-operator.ts'
import type { Condition, PolicyDocument, Statement } from '../parse/policy-document.ts'
import { matchTemplate, noVariables } from '../decide/match-template.ts'
import { compileArnPattern, type ArnPattern } from './arn-pattern.ts'
import { encode, parseTemplate, VariableTable, type Token, type VariableToken } from './template.ts'

/** A compiled policy; evaluators of any number of connections share it. */
export interface CompiledPolicy {
  readonly document: PolicyDocument
  readonly statements: readonly CompiledStatement[]
  /** Distinct variables of the whole document; tokens refer to them by index. */
  readonly variables: readonly VariableToken[]
}

/** A statement with its patterns taken apart. */
export interface CompiledStatement {
  readonly source: Statement
  readonly deny: boolean
  /** In lower case (authz B6). */
  readonly actions: readonly (readonly Token[])[]
  readonly resources: readonly ArnPattern[]
  readonly conditions: readonly CompiledCondition[]
  /** Whether the conditions can change while a connection stands as it is: they read the clock. */
  readonly timed: boolean
}

/** A condition with its values taken apart. */
export interface CompiledCondition {
  readonly source: Condition
  /** Key in lower case (authz B6). */
  readonly key: string
  readonly values: readonly (readonly Token[])[]
}

/** Compiles a parsed policy. Total: every document that parsed compiles. */
export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const variables = new VariableTable()
  const withVariables = document.version === '2012-10-17'
  const statements = document.statements.map((source) =>
    compileStatement(source, withVariables, variables),
  )
  return { document, statements, variables: variables.tokens }
}

function compileStatement(
  source: Statement,
  withVariables: boolean,
  variables: VariableTable,
): CompiledStatement {
  const conditions = source.conditions.map((condition) => ({
    source: condition,
    key: condition.key.toLowerCase(),
    values: condition.values.map((value) =>
      parseTemplate(
        value,
        {
          wildcards: wildcardComparisons.has(condition.operator.comparison),
          variables: withVariables && variableComparisons.has(condition.operator.comparison),
        },
        variables,
      ),
    ),
  }))
  return {
    source,
    deny: source.effect === 'Deny',
    actions: source.action.entries.map(actionPattern),
    resources: source.resource.entries.map((entry) =>
      compileArnPattern(entry, withVariables, variables),
    ),
    conditions,
    timed: conditions.some(
      ({ key, values }) =>
        timedKeys.has(key) ||
        values.some((value) =>
          value.some((token) => token.type === 'variable' && timedKeys.has(token.key)),
        ),
    ),
  }
}

const timedKeys: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime'])

const wildcardComparisons: ReadonlySet<Comparison> = new Set<Comparison>(['StringLike', 'Arn'])

/** authz F1: variables work in string and ARN condition values. */
const variableComparisons: ReadonlySet<Comparison> = new Set<Comparison>([
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'Arn',
])

/** authz B6, B7: names compare case-insensitively, `*` and `?` are wildcards. */
function actionPattern(action: string): readonly Token[] {
  const rules = { wildcards: true, variables: false }
  return parseTemplate(action.toLowerCase(), rules, new VariableTable())
}

/** Whether one entry of `Action` or `NotAction` matches. */
export function actionMatches(pattern: readonly Token[], action: string): boolean {
  const bytes = encode(action.toLowerCase())
  return matchTemplate(pattern, noVariables, bytes, 0, bytes.length)
}

/** Whether the statement speaks about an action. */
export function coversAction(statement: CompiledStatement, action: string): boolean {
  const matched = statement.actions.some((pattern) => actionMatches(pattern, action))
  return matched !== statement.source.action.not
}
