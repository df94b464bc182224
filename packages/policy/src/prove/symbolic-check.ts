/**
 * Whether a set of requests can be allowed, or refused, for any values of a case's symbols.
 *
 * A request is read with symbols where one of the languages has them; there the reading is exact, and
 * every other language answers for what it may (or must) accept. That is sound for each choice of the
 * exact one, so one empty answer proves that there is no such request.
 */
import { branchingUnion, unionOf, type Domain } from './automaton.ts'
import type { Language } from './grants.ts'
import type { Letters } from './letters.ts'
import { hasSymbols, type Pattern } from './pattern.ts'
import { shortestWord, type SearchBudget } from './shortest-word.ts'

/** `empty`: no request; `perhaps`: one for some values, as far as can be told; `large`: gave up. */
export type SymbolicAnswer = 'empty' | 'perhaps' | 'large'

/** Whether a language has no word, whatever the symbols stand for. */
export function isEmptyFor(
  { within, outside }: Language,
  domains: readonly Domain[],
  letters: Letters,
  budget: SearchBudget,
): SymbolicAnswer {
  if (within.some((union) => union.length === 0)) return 'empty'
  const withSymbols = within.flatMap((union, index) => (union.some(hasSymbols) ? [index] : []))
  let answer: SymbolicAnswer = 'perhaps'
  for (const exact of withSymbols.length === 0 ? [-1] : withSymbols) {
    const found = shortestWord({
      within: within.map((union, index) =>
        // Each text is then read in one way: a star's text that equals a name is not that name again.
        branchingUnion(union, letters, domains, index === exact ? 'exact' : 'may'),
      ),
      outside: outside
        .filter((union) => union.length > 0)
        .map((union) => unionOf(union, letters, domains, 'must')),
      letters,
      budget,
      symbols: symbolsOf(within[exact] ?? []),
    })
    if (found === 'empty') return 'empty'
    if (found === 'unknown') answer = 'large'
  }
  return answer
}

/** Only what the exact reading names is read as a symbol; everything else is text. */
function symbolsOf(union: readonly Pattern[]): readonly number[] {
  return [
    ...new Set(union.flat().flatMap((piece) => (piece.type === 'symbol' ? [piece.symbol] : []))),
  ]
}
