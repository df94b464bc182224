/**
 * Conditions (authz E4, E10, E11, X30): set quantifiers, missing keys and the comparisons.
 */
import type { CompiledCondition } from '../compile/compiled-policy.ts'
import { encode, type Token } from '../compile/template.ts'
import type { Comparison } from '../parse/condition-operator.ts'
import type { ContextValue } from './context-value.ts'
import { inAddressRange } from './ip-address.ts'
import { matchTemplate } from './match-template.ts'

/** Looks a context key up, named in lower case. */
export type KeyLookup = (key: string) => ContextValue

/** Whether a condition holds. */
export function conditionHolds(condition: CompiledCondition, lookup: KeyLookup): boolean {
  const { comparison, negated, quantifier, ifExists } = condition.source.operator
  const value = lookup(condition.key)
  if (comparison === 'Null') {
    return condition.source.values.some(
      (wanted) => wanted.toLowerCase() === String(value === undefined),
    )
  }
  if (value === undefined) {
    if (ifExists || quantifier === 'ForAllValues') return true
    return quantifier === undefined && negated
  }
  const actual = typeof value === 'string' ? [value] : value
  const passes = (one: string): boolean =>
    condition.values.some((wanted) => valueMatches(comparison, wanted, one, lookup)) !== negated
  return quantifier === 'ForAllValues' ? actual.every(passes) : actual.some(passes)
}

function valueMatches(
  comparison: Comparison,
  wanted: readonly Token[],
  actual: string,
  lookup: KeyLookup,
): boolean {
  if (comparison === 'StringLike') return likeMatches(wanted, actual, lookup)
  if (comparison === 'Arn') return arnConditionMatches(wanted, actual, lookup)
  const text = substituted(wanted, lookup)
  if (text === undefined) return false
  switch (comparison) {
    case 'StringEquals':
    case 'BinaryEquals':
      return text === actual
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return text.toLowerCase() === actual.toLowerCase()
    case 'IpAddress':
      return inAddressRange(actual, text) === true
    default:
      return comparison.startsWith('Numeric')
        ? ordered(comparison.slice('Numeric'.length), numeric(actual), numeric(text))
        : ordered(comparison.slice('Date'.length), dateMs(actual), dateMs(text))
  }
}

/** Value of a variable: single values only, multivalued keys have no text form. */
export function variableText(
  token: { readonly key: string; readonly fallback: string | undefined },
  lookup: KeyLookup,
): string | undefined {
  const value = lookup(token.key)
  return typeof value === 'string' ? value : value === undefined ? token.fallback : undefined
}

/** Text of a template without wildcards; undefined when a variable has no value (authz E11). */
function substituted(tokens: readonly Token[], lookup: KeyLookup): string | undefined {
  let text = ''
  for (const token of tokens) {
    const part =
      token.type === 'text'
        ? token.text
        : token.type === 'variable'
          ? variableText(token, lookup)
          : undefined
    if (part === undefined) return undefined
    text += part
  }
  return text
}

function likeMatches(wanted: readonly Token[], actual: string, lookup: KeyLookup): boolean {
  const values = new Map<number, Uint8Array | null>()
  for (const token of wanted) {
    if (token.type !== 'variable') continue
    const text = variableText(token, lookup)
    values.set(token.index, text === undefined ? null : encode(text))
  }
  const bytes = encode(actual)
  const variables = { variable: (index: number) => values.get(index) ?? null }
  return matchTemplate(wanted, variables, bytes, 0, bytes.length)
}

/** Six components, each compared by itself; components left out read as `*` (authz X9). */
function arnConditionMatches(wanted: readonly Token[], actual: string, lookup: KeyLookup): boolean {
  if (wanted.length === 1 && wanted[0]?.type === 'any') return true
  const components = arnComponents(wanted)
  const parts = actual.split(':')
  if (parts.length < 6 || parts[0] !== 'arn') return false
  const actuals = [...parts.slice(0, 5), parts.slice(5).join(':')]
  return actuals.every((part, index) => {
    const component = components[index]
    return component === undefined || likeMatches(component, part, lookup)
  })
}

/** Cuts a template at its first five literal colons. */
function arnComponents(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const components: Token[][] = [[]]
  for (const token of tokens) {
    if (token.type !== 'text') {
      components.at(-1)?.push(token)
      continue
    }
    let rest = token.text
    for (let colon = rest.indexOf(':'); colon >= 0 && components.length < 6;) {
      push(components, rest.slice(0, colon))
      components.push([])
      rest = rest.slice(colon + 1)
      colon = rest.indexOf(':')
    }
    push(components, rest)
  }
  return components
}

function push(components: Token[][], text: string): void {
  if (text !== '') components.at(-1)?.push({ type: 'text', text, bytes: encode(text) })
}

/** Decimal number, or NaN. */
function numeric(text: string): number {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : Number.NaN
}

const isoDate =
  /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/

/** W3C ISO 8601 date, or epoch seconds, as epoch milliseconds; NaN for neither. */
export function dateMs(text: string): number {
  if (/^\d{5,}(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  if (!isoDate.test(text)) return Number.NaN
  const local = text.includes('T') && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
  return Date.parse(local ? `${text}Z` : text)
}

/** NaN compares false with everything, so what is no number or date never matches. */
function ordered(operator: string, actual: number, wanted: number): boolean {
  switch (operator) {
    case 'Equals':
      return actual === wanted
    case 'LessThan':
      return actual < wanted
    case 'LessThanEquals':
      return actual <= wanted
    case 'GreaterThan':
      return actual > wanted
    default:
      return actual >= wanted
  }
}
