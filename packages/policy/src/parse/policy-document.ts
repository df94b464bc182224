/**
 * A policy document that passed validation; plain data, nothing is compiled yet.
 */
import type { Position } from './json-source.ts'
import type { ConditionOperator } from './condition-operator.ts'

/** IoT Core policies judge devices, IAM policies judge operators (authz A1 to A8). */
export type PolicyKind = 'iot' | 'iam'

/** `2008-10-17` stands for a missing version too: variables are literal text then (authz X25). */
export type PolicyVersion = '2012-10-17' | '2008-10-17'

/** A parsed policy. */
export interface PolicyDocument {
  readonly kind: PolicyKind
  readonly version: PolicyVersion
  /** Whether the document names a version; a linter's matter. */
  readonly versionGiven: boolean
  readonly statements: readonly Statement[]
}

/** One statement, its shorthand forms made uniform. */
export interface Statement {
  readonly sid: string | undefined
  readonly effect: 'Allow' | 'Deny'
  readonly action: EntryList
  readonly resource: EntryList
  /** All must hold (authz E4). */
  readonly conditions: readonly Condition[]
  /** Where the statement starts in the text. */
  readonly position: Position
}

/** `Action`, `NotAction`, `Resource` or `NotResource`. */
export interface EntryList {
  /** True for the `Not…` element. */
  readonly not: boolean
  /** At least one. */
  readonly entries: readonly string[]
  readonly position: Position
}

/** One operator on one key. */
export interface Condition {
  readonly operator: ConditionOperator
  /** As written; compares case-insensitively (authz B6). */
  readonly key: string
  /** Any may match (authz E4); booleans and numbers as text (authz B10). May be empty. */
  readonly values: readonly string[]
  readonly position: Position
}
