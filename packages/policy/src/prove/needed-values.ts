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

/** What the symbols stand for in a text that a pattern matches. */
function captured(pattern: Pattern, text: string): ReadonlyMap<number, string> | undefined {
  const seen = new Set<number>()
  const source = pattern
    .map((piece) => {
      if (piece.type === 'text') return escaped(piece.text)
      if (piece.type === 'any' || piece.type === 'anyButColon') return '[^]*?'
      if (piece.type === 'one') return '[^]'
      if (piece.type === 'class') return '[^]+?'
      if (seen.has(piece.symbol)) return `\\k<s${piece.symbol}>`
      seen.add(piece.symbol)
      return `(?<s${piece.symbol}>[^]+?)`
    })
    .join('')
  if (seen.size === 0) return undefined
  const groups = new RegExp(`^${source}$`, 'u').exec(text)?.groups
  if (groups === undefined) return undefined
  return new Map(Object.entries(groups).map(([name, value]) => [Number(name.slice(1)), value]))
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
