/**
 * Emptiness of an intersection of automata and complements, with the shortest word when it is not
 * empty.
 */
import type { Automaton } from './automaton.ts'
import type { Letters } from './letters.ts'

/** Words that all of `within` accept and none of `outside`. */
export interface WordQuestion {
  readonly within: readonly Automaton[]
  readonly outside: readonly Automaton[]
  readonly letters: Letters
  /** Combined states looked at before giving up. */
  readonly statesMax: number
  /** Symbols that words may have; only characters otherwise. */
  readonly symbols?: readonly number[]
}

/** The shortest word, `empty` when there is none, `unknown` when the limit came first. */
export type WordAnswer = { readonly word: readonly number[] } | 'empty' | 'unknown'

interface Visited {
  readonly within: readonly number[]
  readonly outside: readonly number[]
  readonly from: number
  readonly letter: number
}

/** Breadth first, so that the first word found is a shortest one. */
export function shortestWord(question: WordQuestion): WordAnswer {
  const { within, outside, letters, statesMax, symbols = [] } = question
  const visited: Visited[] = []
  const known = new Set<string>()
  const alphabet = [
    ...letters.characters.keys(),
    ...symbols.map((symbol) => letters.symbolLetter(symbol)),
  ]
  const visit = (next: Visited): boolean => {
    if (next.within.includes(-1)) return false
    if (outside.some((automaton, index) => automaton.acceptsAll(next.outside[index] ?? -1))) {
      return false
    }
    const name = `${next.within.join(',')};${next.outside.join(',')}`
    if (known.has(name)) return false
    known.add(name)
    visited.push(next)
    return (
      within.every((automaton, index) => automaton.accepts(next.within[index] ?? -1)) &&
      outside.every((automaton, index) => !automaton.accepts(next.outside[index] ?? -1))
    )
  }
  const start: Visited = {
    within: within.map((automaton) => automaton.start),
    outside: outside.map((automaton) => automaton.start),
    from: -1,
    letter: -1,
  }
  if (visit(start)) return { word: [] }
  for (let at = 0; at < visited.length; at += 1) {
    if (visited.length > statesMax) return 'unknown'
    const state = visited[at]
    if (state === undefined) break
    for (const letter of alphabet) {
      const next: Visited = {
        within: steps(within, state.within, letter),
        outside: steps(outside, state.outside, letter),
        from: at,
        letter,
      }
      if (visit(next)) return { word: wordTo(visited, visited.length - 1) }
    }
  }
  return 'empty'
}

function steps(
  automata: readonly Automaton[],
  states: readonly number[],
  letter: number,
): readonly number[] {
  return automata.map((automaton, index) => {
    const state = states[index] ?? -1
    return state < 0 ? -1 : automaton.step(state, letter)
  })
}

function wordTo(visited: readonly Visited[], last: number): readonly number[] {
  const word: number[] = []
  for (let at = last; at >= 0; at = visited[at]?.from ?? -1) {
    const letter = visited[at]?.letter ?? -1
    if (letter >= 0) word.push(letter)
  }
  return word.reverse()
}

/** The text of a word without symbols. */
export function textOf(word: readonly number[], letters: Letters): string {
  return word.map((letter) => letters.characters[letter] ?? '').join('')
}
