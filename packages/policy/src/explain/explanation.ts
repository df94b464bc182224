/**
 * A decision with its reasons, as data: for people, logs and the decision API.
 */
import type { Decision } from '../decide/decider.ts'

/** Why a decision came out as it did. */
export interface Explanation {
  readonly decision: Decision
  /** One sentence. */
  readonly summary: string
  readonly action: string
  readonly resource: string
  /** Every variable and condition key that statements about the action refer to. */
  readonly variables: readonly ExplainedVariable[]
  /** Every statement, in order of the policies. */
  readonly statements: readonly ExplainedStatement[]
  /** The matching statements that the decision rests on; empty for an implicit deny. */
  readonly decidedBy: readonly StatementName[]
  /** For an implicit deny: the Allow statement that came closest. */
  readonly nearestMiss: NearestMiss | undefined
  /** What would change the answer, most likely first. */
  readonly hints: readonly string[]
  /** Keys that statements about the action ask for and that have no value here (authz K2). */
  readonly missingContextValues: readonly string[]
}

/** Which statement. */
export interface StatementName {
  readonly policyName: string
  /** Position in its policy. */
  readonly statement: number
  readonly sid: string | undefined
}

/** A context key or variable. */
export interface ExplainedVariable {
  /** As the policy writes it. */
  readonly name: string
  readonly value: string | readonly string[] | undefined
  /** Why there is no value; undefined when there is one. */
  readonly undefinedBecause: string | undefined
}

/** A statement and how each of its clauses fared. */
export interface ExplainedStatement extends StatementName {
  readonly effect: 'Allow' | 'Deny'
  /** Whether action, resource and all conditions matched. */
  readonly matched: boolean
  readonly action: ExplainedClause
  readonly resource: ExplainedClause
  readonly conditions: readonly ExplainedCondition[]
}

/** An `Action`, `NotAction`, `Resource` or `NotResource` clause. */
export interface ExplainedClause {
  readonly matched: boolean
  /** True for `NotAction` and `NotResource`: the clause matches when no entry does. */
  readonly not: boolean
  readonly entries: readonly ExplainedEntry[]
}

/** One entry of a clause. */
export interface ExplainedEntry {
  readonly entry: string
  /** With variables replaced; undefined when one of them has no value. */
  readonly substituted: string | undefined
  readonly matched: boolean
}

/** One condition. */
export interface ExplainedCondition {
  readonly operator: string
  readonly key: string
  readonly expected: readonly string[]
  readonly actual: string | readonly string[] | undefined
  readonly holds: boolean
}

/** The statement that would allow the request but for some clauses. */
export interface NearestMiss extends StatementName {
  /** Clauses that failed: `action`, `resource`, `condition Bool iot:…`. */
  readonly failed: readonly string[]
}
