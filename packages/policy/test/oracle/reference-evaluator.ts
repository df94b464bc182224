/**
 * The reference evaluator: slow and obviously right. It reads documents as JSON values and the
 * rules one sentence at a time, on strings and regular expressions; it shares no code with the
 * package.
 */
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Keys in lower case, with one value or several; a missing key is not there. */
export type Keys = ReadonlyMap<string, string | readonly string[]>

/** A policy as JSON. */
export interface ReferencePolicy {
  readonly Version?: string
  readonly Statement: readonly ReferenceStatement[]
}

/** A statement as JSON, without the shorthand of a lone string. */
export interface ReferenceStatement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: readonly string[]
  readonly NotAction?: readonly string[]
  readonly Resource?: readonly string[]
  readonly NotResource?: readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

type Decision = 'allow' | 'implicitDeny' | 'explicitDeny'

/** authz E1. */
export function referenceDecision(
  policies: readonly ReferencePolicy[],
  keys: Keys,
  action: string,
  resource: string,
): Decision {
  const effects = policies.flatMap((policy) =>
    policy.Statement.filter((statement) =>
      statementMatches(statement, policy.Version === '2012-10-17', keys, action, resource),
    ).map((statement) => statement.Effect),
  )
  if (effects.includes('Deny')) return 'explicitDeny'
  return effects.includes('Allow') ? 'allow' : 'implicitDeny'
}

function statementMatches(
  statement: ReferenceStatement,
  variables: boolean,
  keys: Keys,
  action: string,
  resource: string,
): boolean {
  const actionListed = (statement.Action ?? statement.NotAction ?? []).some((entry) =>
    wildcardRegExp(entry.toLowerCase(), { variables: false, keys })?.test(action.toLowerCase()),
  )
  if (actionListed !== (statement.Action !== undefined)) return false
  const resourceListed = (statement.Resource ?? statement.NotResource ?? []).some((entry) =>
    resourceMatches(entry, variables, keys, resource),
  )
  if (resourceListed !== (statement.Resource !== undefined)) return false
  return Object.entries(statement.Condition ?? {}).every(([operator, byKey]) =>
    Object.entries(byKey).every(([key, values]) =>
      conditionHolds(operator, key.toLowerCase(), values, variables, keys),
    ),
  )
}

/** authz E8, X9, F1. */
function resourceMatches(entry: string, variables: boolean, keys: Keys, resource: string): boolean {
  if (/^\*+$/.test(entry)) return true
  const wanted = sixParts(entry)
  const actual = sixParts(resource)
  if (actual.length < 6 || actual[0] !== 'arn') return false
  return actual.every((part, index) => {
    const pattern = wanted[index] ?? '*'
    const rules = { variables: variables && index === 5, keys }
    return wildcardRegExp(pattern, rules)?.test(part) === true
  })
}

function sixParts(text: string): string[] {
  const parts = text.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

interface TextRules {
  readonly variables: boolean
  readonly keys: Keys
  readonly wildcards?: boolean
}

/** Of patterns without variables: they are the same every time. */
const regExps = new Map<string, RegExp>()

/** undefined: a variable has no value, so nothing matches (authz E11, X10). */
function wildcardRegExp(pattern: string, rules: TextRules): RegExp | undefined {
  const constant = pattern.includes('${') ? undefined : regExps.get(pattern)
  if (constant !== undefined) return constant
  const pieces = expand(pattern, rules)
  if (pieces === undefined) return undefined
  const source = pieces
    .map((piece) =>
      piece === 'any' ? '[^]*' : piece === 'one' ? '[^]' : escapeRegExp(piece.literal),
    )
    .join('')
  const regExp = new RegExp(`^${source}$`, 'u')
  if (!pattern.includes('${')) regExps.set(pattern, regExp)
  return regExp
}

type Piece = 'any' | 'one' | { readonly literal: string }

/** authz E5, E13, X8: what a pattern is made of, variables replaced by literal text. */
function expand(
  pattern: string,
  { variables, keys, wildcards = true }: TextRules,
): Piece[] | undefined {
  const pieces: Piece[] = []
  let rest = pattern
  while (rest !== '') {
    const reference = variables ? /^\$\{([^}]*)\}/.exec(rest) : null
    if (reference !== null) {
      const inside = reference[1] ?? ''
      const text = '*?$'.includes(inside) && inside.length === 1 ? inside : variable(inside, keys)
      if (text === undefined) return undefined
      pieces.push({ literal: text })
      rest = rest.slice(reference[0].length)
      continue
    }
    if (variables && rest.startsWith('${')) return undefined
    const [character = ''] = rest
    if (wildcards && character === '*') pieces.push('any')
    else if (wildcards && character === '?') pieces.push('one')
    else pieces.push({ literal: character })
    rest = rest.slice(character.length)
  }
  return pieces
}

/** A single value, or the default for a missing key. */
function variable(inside: string, keys: Keys): string | undefined {
  const parts = /^\s*([^,'{}]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside)
  if (parts?.[1] === undefined) return undefined
  const value = keys.get(parts[1].toLowerCase())
  if (value === undefined) return parts[2]
  return typeof value === 'string' ? value : undefined
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

/** authz E4, E10, X30. */
function conditionHolds(
  operator: string,
  key: string,
  wanted: readonly string[],
  variables: boolean,
  keys: Keys,
): boolean {
  const [, quantifier, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(operator) ?? []
  const value = keys.get(key)
  if (base === 'Null') {
    return wanted.some((text) => (text === 'true' ? value === undefined : value !== undefined))
  }
  const negated = base.includes('Not')
  const positive = base.replace('Not', '')
  if (value === undefined) {
    if (ifExists !== undefined) return true
    if (quantifier === 'ForAllValues') return true
    if (quantifier === 'ForAnyValue') return false
    return negated
  }
  const values = typeof value === 'string' ? [value] : value
  const passes = (actual: string): boolean => {
    const found = wanted.some((text) => compare(positive, text, actual, variables, keys))
    return negated ? !found : found
  }
  return quantifier === 'ForAllValues' ? values.every(passes) : values.some(passes)
}

function compare(
  operator: string,
  wanted: string,
  actual: string,
  variables: boolean,
  keys: Keys,
): boolean {
  if (operator === 'StringLike') {
    return wildcardRegExp(wanted, { variables, keys })?.test(actual) === true
  }
  if (operator === 'ArnLike' || operator === 'ArnEquals') {
    if (/^\*+$/.test(wanted)) return true
    const parts = sixParts(wanted)
    const actuals = sixParts(actual)
    return (
      actuals.length === 6 &&
      actuals[0] === 'arn' &&
      actuals.every(
        (part, index) =>
          wildcardRegExp(parts[index] ?? '*', { variables, keys })?.test(part) === true,
      )
    )
  }
  const text = operator.startsWith('String') ? literal(wanted, variables, keys) : wanted
  if (text === undefined) return false
  switch (operator) {
    case 'StringEquals':
    case 'BinaryEquals':
      return text === actual
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return text.toLowerCase() === actual.toLowerCase()
    case 'IpAddress':
      return inRange(actual, text)
    default:
  }
  const numbers = operator.startsWith('Numeric')
    ? ([Number(actual), Number(text)] as const)
    : ([instant(actual), instant(text)] as const)
  const [left, right] = numbers
  if (operator.endsWith('LessThanEquals')) return left <= right
  if (operator.endsWith('LessThan')) return left < right
  if (operator.endsWith('GreaterThanEquals')) return left >= right
  if (operator.endsWith('GreaterThan')) return left > right
  return left === right
}

function literal(text: string, variables: boolean, keys: Keys): string | undefined {
  const pieces = expand(text, { variables, keys, wildcards: false })
  return pieces?.map((piece) => (typeof piece === 'string' ? piece : piece.literal)).join('')
}

/** Seconds since 1970 are digits only, everything else ISO 8601. */
function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function inRange(address: string, range: string): boolean {
  const [base = '', length] = range.split('/')
  if (isIP(base) === 0 || isIP(address) === 0) return false
  const family = isIPv6(base) ? 'ipv6' : 'ipv4'
  if (isIPv6(address) !== isIPv6(base)) return false
  const list = new BlockList()
  list.addSubnet(base, Number(length ?? (family === 'ipv6' ? 128 : 32)), family)
  return list.check(address, family)
}
