/**
 * Emptiness of an intersection of automata and complements, with the shortest word when it is not
 * empty.
 */
import type { Automaton, Branching } from './automaton.ts'
import type { Letters } from './letters.ts'

/** Words that all of `within` accept and none of `outside`. */
export interface WordQuestion {
  readonly within: readonly Branching[]
  readonly outside: readonly Automaton[]
  readonly letters: Letters
  /** Combined states looked at before giving up. */
  readonly budget: SearchBudget
  /** Symbols that words may have; only characters otherwise. */
  readonly symbols?: readonly number[]
}

/** Steps that are left; shared by all searches of one question. */
export interface SearchBudget {
  steps: number
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
  const { within, outside, letters, budget, symbols = [] } = question
  const visited: Visited[] = []
  const known = new Set<string>()
  const visit = (next: Visited): boolean => {
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
  const outsideStart = outside.map((automaton) => automaton.start)
  for (const start of combined(within.map(({ starts }) => starts))) {
    if (visit({ within: start, outside: outsideStart, from: -1, letter: -1 })) return { word: [] }
  }
  const symbolLetters = symbols.map((symbol) => letters.symbolLetter(symbol))
  const isCharacter = (letter: number): boolean => letter < letters.characters.length
  for (let at = 0; at < visited.length; at += 1) {
    const state = visited[at]
    if (state === undefined) break
    const characters = fewestCharacters(within, state.within)
    for (const letter of [...[...characters].filter(isCharacter), ...symbolLetters]) {
      budget.steps -= 1
      if (budget.steps < 0) return 'unknown'
      const targets = within.map((automaton, index) =>
        automaton.targets(state.within[index] ?? -1, letter),
      )
      if (targets.some(({ length }) => length === 0)) continue
      const outsideNext = outside.map((automaton, index) => {
        const from = state.outside[index] ?? -1
        return from < 0 ? -1 : automaton.step(from, letter)
      })
      budget.steps -= outside.length
      for (const next of combined(targets)) {
        if (visit({ within: next, outside: outsideNext, from: at, letter })) {
          return { word: wordTo(visited, visited.length - 1) }
        }
      }
    }
  }
  return 'empty'
}

/** Letters that lead on from the state with fewest of them: the others are no use. */
function fewestCharacters(
  within: readonly Branching[],
  states: readonly number[],
): readonly number[] {
  let fewest: readonly number[] | undefined
  for (const [index, automaton] of within.entries()) {
    const letters = [...automaton.characters(states[index] ?? -1)]
    if (fewest === undefined || letters.length < fewest.length) fewest = letters
  }
  return fewest ?? []
}

/** One state of each automaton. */
function combined(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  let all: (readonly number[])[] = [[]]
  for (const list of lists) all = all.flatMap((some) => list.map((one) => [...some, one]))
  return all
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
