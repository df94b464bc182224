/**
 * IAM's condition operators (authz B9): a comparison, an optional negation, an optional set
 * quantifier and an optional `IfExists`.
 */

/** What is compared; negated operators name the same comparison. */
export type Comparison =
  | 'StringEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringLike'
  | 'NumericEquals'
  | 'NumericLessThan'
  | 'NumericLessThanEquals'
  | 'NumericGreaterThan'
  | 'NumericGreaterThanEquals'
  | 'DateEquals'
  | 'DateLessThan'
  | 'DateLessThanEquals'
  | 'DateGreaterThan'
  | 'DateGreaterThanEquals'
  | 'Bool'
  | 'BinaryEquals'
  | 'IpAddress'
  | 'Arn'
  | 'Null'

/** A condition operator, taken apart. */
export interface ConditionOperator {
  /** Canonical spelling: `ForAllValues:StringNotEqualsIfExists`. */
  readonly name: string
  readonly comparison: Comparison
  readonly negated: boolean
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined
  readonly ifExists: boolean
}

/** Canonical name → comparison and negation. */
const operators: Readonly<Record<string, readonly [Comparison, boolean]>> = {
  StringEquals: ['StringEquals', false],
  StringNotEquals: ['StringEquals', true],
  StringEqualsIgnoreCase: ['StringEqualsIgnoreCase', false],
  StringNotEqualsIgnoreCase: ['StringEqualsIgnoreCase', true],
  StringLike: ['StringLike', false],
  StringNotLike: ['StringLike', true],
  NumericEquals: ['NumericEquals', false],
  NumericNotEquals: ['NumericEquals', true],
  NumericLessThan: ['NumericLessThan', false],
  NumericLessThanEquals: ['NumericLessThanEquals', false],
  NumericGreaterThan: ['NumericGreaterThan', false],
  NumericGreaterThanEquals: ['NumericGreaterThanEquals', false],
  DateEquals: ['DateEquals', false],
  DateNotEquals: ['DateEquals', true],
  DateLessThan: ['DateLessThan', false],
  DateLessThanEquals: ['DateLessThanEquals', false],
  DateGreaterThan: ['DateGreaterThan', false],
  DateGreaterThanEquals: ['DateGreaterThanEquals', false],
  Bool: ['Bool', false],
  BinaryEquals: ['BinaryEquals', false],
  IpAddress: ['IpAddress', false],
  NotIpAddress: ['IpAddress', true],
  ArnEquals: ['Arn', false],
  ArnLike: ['Arn', false],
  ArnNotEquals: ['Arn', true],
  ArnNotLike: ['Arn', true],
  Null: ['Null', false],
}

const canonicalNames = new Map(Object.keys(operators).map((name) => [name.toLowerCase(), name]))

/**
 * Reads an operator's name; case does not matter, as in IAM.
 *
 * @returns undefined for a name that is no operator, `NullIfExists` included
 */
export function parseConditionOperator(name: string): ConditionOperator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/i.exec(name)
  const canonical = canonicalNames.get(match?.[2]?.toLowerCase() ?? '')
  const operator = canonical === undefined ? undefined : operators[canonical]
  if (match === null || canonical === undefined || operator === undefined) return undefined
  const [comparison, negated] = operator
  const ifExists = match[3] !== undefined
  const quantifier = match[1]?.toLowerCase()
  if (comparison === 'Null' && (ifExists || quantifier !== undefined)) return undefined
  const set =
    quantifier === undefined
      ? undefined
      : quantifier === 'forallvalues'
        ? 'ForAllValues'
        : 'ForAnyValue'
  return {
    name: `${set === undefined ? '' : `${set}:`}${canonical}${ifExists ? 'IfExists' : ''}`,
    comparison,
    negated,
    quantifier: set,
    ifExists,
  }
}
