/**
 * Values that a symbol needs for a policy's pattern to meet a property's: found by a word that both
 * can match, and what the symbol stands for in it.
 */
import type { SetStatement } from '../compile/policy-set.ts'
import { branchingUnion } from './automaton.ts'
import type { DeviceCase } from './device-case.ts'
import { Letters } from './letters.ts'
import { hasSymbols, textsOf, type Pattern } from './pattern.ts'
import { propertyPatterns, resourcePatterns, type ProvenAccount } from './policy-pattern.ts'
import type { RequestSet } from './property.ts'
import { shortestWord, textOf } from './shortest-word.ts'

const stepsMax = 20_000
const patternsMax = 12

/** Values by symbol, one map for each pattern that has symbols. */
export function neededValues(
  { set, account }: { readonly set: RequestSet; readonly account: ProvenAccount },
  about: readonly SetStatement[],
  one: DeviceCase,
): readonly ReadonlyMap<number, string>[] {
  const asked = propertyPatterns(set.resource, one)
  const entries = about.flatMap(({ resources }) =>
    resourcePatterns(resources, account, one.mayHave),
  )
  const found: ReadonlyMap<number, string>[] = []
  for (const pattern of entries.slice(0, patternsMax)) {
    for (const other of asked) {
      if (!hasSymbols(pattern) && !hasSymbols(other)) continue
      const text = common(pattern, other)
      if (text === undefined) continue
      for (const side of [pattern, other]) {
        const values = captured(side, text)
        if (values !== undefined) found.push(values)
      }
    }
  }
  return found
}

/** A text that both match when their symbols may be anything. */
function common(left: Pattern, right: Pattern): string | undefined {
  const open = (pattern: Pattern): Pattern =>
    pattern.map((piece) => (piece.type === 'symbol' ? { type: 'class', class: 'any' } : piece))
  const letters = new Letters([...textsOf(left), ...textsOf(right)], 0)
  const within = [left, right].map((pattern) =>
    branchingUnion([open(pattern)], letters, [], 'must'),
  )
  const answer = shortestWord({ within, outside: [], letters, budget: { steps: stepsMax } })
  return typeof answer === 'string' ? undefined : textOf(answer.word, letters)
}

/** Places that are tried; a pattern of many stars and variables could be laid out in more ways. */
const placesMax = 20_000

/** What the symbols stand for in a text that a pattern matches. */
function captured(pattern: Pattern, text: string): ReadonlyMap<number, string> | undefined {
  const values = new Map<number, string>()
  let places = 0
  const fits = (index: number, at: number): boolean => {
    if (places > placesMax) return false
    places += 1
    const piece = pattern[index]
    if (piece === undefined) return at === text.length
    if (piece.type === 'text') {
      return text.startsWith(piece.text, at) && fits(index + 1, at + piece.text.length)
    }
    if (piece.type === 'one') {
      const one = text.codePointAt(at)
      return one !== undefined && fits(index + 1, at + String.fromCodePoint(one).length)
    }
    const known = piece.type === 'symbol' ? values.get(piece.symbol) : undefined
    if (known !== undefined) return text.startsWith(known, at) && fits(index + 1, at + known.length)
    const least = piece.type === 'symbol' || piece.type === 'class' ? 1 : 0
    for (let end = at + least; end <= text.length; end += 1) {
      if (piece.type === 'symbol') values.set(piece.symbol, text.slice(at, end))
      if (fits(index + 1, end)) return true
    }
    if (piece.type === 'symbol') values.delete(piece.symbol)
    return false
  }
  return hasSymbols(pattern) && fits(0, 0) ? values : undefined
}
