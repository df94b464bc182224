/**
 * The values that something unknown can have: a class of characters, cut down by conditions.
 */
import { unionOf, type Automaton, type Domain } from './automaton.ts'
import type { Letters } from './letters.ts'
import type { Pattern } from './pattern.ts'
import { textOf } from './shortest-word.ts'

/** States of a domain; a policy of 2,048 characters cannot need more but by many stars. */
const statesMax = 1000

/** What values are like before conditions: they match one of these. */
export type ValueShape = readonly Pattern[]

/** Values of a shape on which the patterns answer alike. */
export interface ValueClass {
  readonly domain: Domain
  /** By test: whether the values pass it. */
  readonly matches: readonly boolean[]
  /** A few of the shortest values. */
  readonly samples: readonly string[]
}

/**
 * Splits all values of a shape by what accepts them: every combination that some value has.
 *
 * @returns undefined when that takes too many states
 */
export function valueClasses(
  shape: ValueShape,
  tests: readonly Automaton[],
  letters: Letters,
): readonly ValueClass[] | undefined {
  const automata = [unionOf(shape, letters, [], 'must'), ...tests]
  const graph = reachable(automata, letters)
  if (graph === undefined) return undefined
  const classes = new Map<string, boolean[]>()
  const names = graph.states.map(([shaped = -1, ...tested]) => {
    if (shaped < 0 || automata[0]?.accepts(shaped) !== true) return ''
    const matches = tested.map((state, index) => tests[index]?.accepts(state) === true)
    const name = `:${matches.map(Number).join('')}`
    classes.set(name, matches)
    return name
  })
  return [...classes].map(([name, matches]) => {
    const accepting = names.map((one) => one === name)
    const domain = trimmed({ start: 0, next: graph.next, accepting })
    return { domain, matches, samples: shortValues(domain, letters) }
  })
}

interface Graph {
  readonly states: readonly (readonly number[])[]
  readonly next: readonly Int32Array[]
}

function reachable(automata: readonly Automaton[], letters: Letters): Graph | undefined {
  const states: number[][] = [automata.map(({ start }) => start)]
  const known = new Map([[String(states[0]), 0]])
  const next: Int32Array[] = []
  for (let at = 0; at < states.length; at += 1) {
    if (states.length > statesMax) return undefined
    const row = new Int32Array(letters.characters.length).fill(-1)
    for (let letter = 0; letter < row.length; letter += 1) {
      const to = (states[at] ?? []).map((state, index) =>
        state < 0 ? -1 : (automata[index]?.step(state, letter) ?? -1),
      )
      if ((to[0] ?? -1) < 0) continue
      const name = String(to)
      let index = known.get(name)
      if (index === undefined) {
        index = states.length
        known.set(name, index)
        states.push(to)
      }
      row[letter] = index
    }
    next.push(row)
  }
  return { states, next }
}

/** Without the states from which no value can be finished. */
function trimmed(domain: Omit<Domain, 'alphabet'>): Domain {
  const useful = domain.accepting.slice()
  for (let changed = true; changed;) {
    changed = false
    for (const [state, row] of domain.next.entries()) {
      if (useful[state] !== true && row.some((to) => to >= 0 && useful[to] === true)) {
        useful[state] = true
        changed = true
      }
    }
  }
  const alphabet = new Set<number>()
  const next = domain.next.map((row, state) =>
    row.map((to, letter) => {
      if (to < 0 || useful[to] !== true || useful[state] !== true) return -1
      alphabet.add(letter)
      return to
    }),
  )
  return { start: domain.start, next, accepting: domain.accepting, alphabet }
}

const samplesMax = 6

/** The shortest values, and how many there are at most. */
function shortValues(domain: Domain, letters: Letters): readonly string[] {
  const found: string[] = []
  let words: (readonly [state: number, word: readonly number[]])[] = [[domain.start, []]]
  const lengths = domain.next.length + 2
  for (let length = 0; length <= lengths && words.length > 0; length += 1) {
    const longer: (readonly [number, readonly number[]])[] = []
    const reached = new Map<number, number>()
    for (const [state, word] of words) {
      if (domain.accepting[state] === true) found.push(textOf(word, letters))
      if (found.length >= samplesMax) return found
      for (const [letter, to] of domain.next[state]?.entries() ?? []) {
        if (to < 0) continue
        const times = reached.get(to) ?? 0
        // Two ways to each state are enough to see more than one value.
        if (times >= 2) continue
        reached.set(to, times + 1)
        longer.push([to, [...word, letter]])
      }
    }
    words = longer
  }
  return found
}

/** Whether a domain has a value. */
export function inDomain(value: string, domain: Domain, letters: Letters): boolean {
  let state = domain.start
  for (const character of value) {
    state = domain.next[state]?.[letters.letterOf(character)] ?? -1
    if (state < 0) return false
  }
  return domain.accepting[state] === true
}

/** All values, when there are but a few. */
export function fewValues(
  domain: Domain,
  letters: Letters,
  most: number,
): readonly string[] | undefined {
  const found: string[] = []
  const walk = (state: number, word: string, on: ReadonlySet<number>): boolean => {
    if (domain.accepting[state] === true) found.push(word)
    if (found.length > most) return false
    const inner = new Set([...on, state])
    for (const [letter, to] of domain.next[state]?.entries() ?? []) {
      if (to < 0) continue
      if (inner.has(to) || !letters.isNamed(letter)) return false
      if (!walk(to, word + (letters.characters[letter] ?? ''), inner)) return false
    }
    return true
  }
  return walk(domain.start, '', new Set()) ? found : undefined
}
