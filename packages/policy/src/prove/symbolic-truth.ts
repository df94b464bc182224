/**
 * Conditions whose values have variables, or whose key is a value known only by name.
 */
import type { CompiledCondition } from '../compile/compiled-policy.ts'
import { conditionHolds } from '../decide/evaluate-condition.ts'
import { joined, hasSymbols, type Pattern, type SymbolicText } from './pattern.ts'
import { patternOf, type VariableLookup } from './policy-pattern.ts'

/** What is known of the keys. */
export interface KnownValues {
  readonly values: ReadonlyMap<string, SymbolicText | undefined>
  readonly lookup: VariableLookup
  /** Whether nothing is known of a key's value, not even whether there is one. */
  isOpen(key: string): boolean
  /** Pairs of symbols that never have the same value. */
  readonly distinct: readonly (readonly [number, number])[]
}

/** Whether a condition holds for all values that the symbols can have; undefined: it depends. */
export function symbolicTruth(
  condition: CompiledCondition,
  { values, lookup, isOpen, distinct }: KnownValues,
): boolean | undefined {
  const { key, source } = condition
  const { comparison, negated } = source.operator
  if (isOpen(key)) return undefined
  const actual = values.get(key)
  if (comparison === 'Null' || actual === undefined) {
    return conditionHolds(condition, () => (actual === undefined ? undefined : ''))
  }
  const used = condition.values.flat().filter((token) => token.type === 'variable')
  if (used.some((token) => isOpen(token.key))) return undefined
  if (comparison !== 'StringEquals' && comparison !== 'StringLike') {
    return plainTruth(condition, actual, values)
  }
  const answers = condition.values.map((tokens) => {
    const wanted = patternOf(tokens, lookup)
    return wanted === undefined ? false : matchesAlways(wanted, joined(actual), distinct)
  })
  if (answers.includes(true)) return !negated
  return answers.every((answer) => answer === false) ? negated : undefined
}

/** Texts without symbols decide as they do in a request. */
function plainTruth(
  condition: CompiledCondition,
  actual: SymbolicText,
  values: KnownValues['values'],
): boolean | undefined {
  const texts = new Map([...values].map(([key, value]) => [key, value && plainText(value)]))
  const used = condition.values.flat().filter((token) => token.type === 'variable')
  if (plainText(actual) === undefined) return undefined
  if (used.some(({ key }) => values.get(key) !== undefined && texts.get(key) === undefined)) {
    return undefined
  }
  return conditionHolds(condition, (key) => texts.get(key))
}

function plainText(value: SymbolicText): string | undefined {
  let text = ''
  for (const piece of value) {
    if (piece.type === 'symbol') return undefined
    text += piece.text
  }
  return text
}

/** Three answers: always, never (false), or it depends on the values. */
function matchesAlways(
  wanted: Pattern,
  actual: SymbolicText,
  distinct: KnownValues['distinct'],
): boolean | undefined {
  if (wanted.every(({ type }) => type === 'any') && wanted.length > 0) return true
  const plain = wanted.every((piece) => piece.type === 'text' || piece.type === 'symbol')
  if (!plain) return undefined
  const text = joined(wanted)
  if (JSON.stringify(text) === JSON.stringify(actual)) return true
  if (!hasSymbols(text) && !hasSymbols(actual)) return false
  const [left] = text
  const [right] = actual
  if (text.length !== 1 || actual.length !== 1) return undefined
  if (left?.type !== 'symbol' || right?.type !== 'symbol') return undefined
  const differ = distinct.some(
    ([one, other]) =>
      (one === left.symbol && other === right.symbol) ||
      (one === right.symbol && other === left.symbol),
  )
  return differ ? false : undefined
}
