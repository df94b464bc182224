/**
 * Finite automata over {@link Letters}: unions of patterns, made deterministic state by state as a
 * search asks for them.
 */
import type { Letters } from './letters.ts'
import type { Pattern } from './pattern.ts'

/** A deterministic automaton; -1 is the state that accepts nothing any more. */
export interface Automaton {
  readonly start: number
  step(state: number, letter: number): number
  accepts(state: number): boolean
  /** Whether everything is accepted from here on. */
  acceptsAll(state: number): boolean
}

/** The values that a symbol can have. */
export interface Domain {
  /** Over characters only, fully built. */
  readonly start: number
  readonly next: readonly Int32Array[]
  readonly accepting: readonly boolean[]
  /** Letters that values are made of. */
  readonly alphabet: ReadonlySet<number>
}

/** How symbols count. */
export type Reading =
  /** Accept only what matches whatever values the symbols have. */
  | 'must'
  /** The same, and symbols only where the pattern has them: wildcards read characters alone. */
  | 'exact'
  /** Accept at least what matches for some values. */
  | 'may'

/** A nondeterministic automaton: several states may follow, any of which may accept. */
export interface Branching {
  readonly starts: readonly number[]
  targets(state: number, letter: number): readonly number[]
  accepts(state: number): boolean
  /** Letters that lead anywhere from a state; symbols among them or not. */
  characters(state: number): Iterable<number>
}

/** Union of patterns, branching: as large as the patterns are long. */
export function branchingUnion(
  patterns: readonly Pattern[],
  letters: Letters,
  domains: readonly Domain[],
  reading: Reading,
): Branching {
  const states = new States(letters, domains, reading)
  states.addAll(patterns)
  return states
}

/** Union of patterns as one automaton. */
export function unionOf(
  patterns: readonly Pattern[],
  letters: Letters,
  domains: readonly Domain[],
  reading: Reading,
): Automaton {
  const states = new States(letters, domains, reading)
  states.addAll(patterns)
  return new Subsets(states, letters)
}

/** What an automaton accepts after a text. */
export function after(automaton: Automaton, text: string, letters: Letters): Automaton {
  let start = automaton.start
  for (const character of text) {
    if (start >= 0) start = automaton.step(start, letters.letterOf(character))
  }
  return {
    start,
    step: (state, letter) => (state < 0 ? -1 : automaton.step(state, letter)),
    accepts: (state) => automaton.accepts(state),
    acceptsAll: (state) => automaton.acceptsAll(state),
  }
}

/** Pairs of states that one automaton looks at to follow values through text. */
const readPairsMax = 3000

/** Nondeterministic states; transitions on characters, and on symbols where they stand in patterns. */
class States implements Branching {
  starts: readonly number[] = []
  readonly edges: Map<number, number[]>[] = []
  readonly accepting = new Set<number>()
  /** Loop over every letter. */
  readonly universal = new Set<number>()
  readonly #letters: Letters
  readonly #domains: readonly Domain[]
  readonly #reading: Reading

  constructor(letters: Letters, domains: readonly Domain[], reading: Reading) {
    this.#letters = letters
    this.#domains = domains
    this.#reading = reading
  }

  /** Adds patterns, all of which start at once. */
  addAll(patterns: readonly Pattern[]): void {
    const starts = patterns.map((pattern) => this.add(pattern))
    this.starts = [...this.closed(new Set(starts))]
  }

  targets(state: number, letter: number): readonly number[] {
    const width = this.#letters.count
    const known = this.#targets.get(state * width + letter)
    if (known !== undefined) return known
    const found = this.closed(new Set(this.#next(state, letter)))
    const symbol = letter - this.#letters.characters.length
    const domain = symbol < 0 ? undefined : this.#domains[symbol]
    if (this.#reading === 'may' && domain !== undefined) this.#read(state, domain, found)
    const targets = [...found]
    this.#targets.set(state * width + letter, targets)
    return targets
  }

  accepts(state: number): boolean {
    return this.accepting.has(state)
  }

  characters(state: number): Iterable<number> {
    if (this.universal.has(state)) return this.#letters.characters.keys()
    return this.edges[state]?.keys() ?? []
  }

  #next(state: number, letter: number): readonly number[] {
    const edges = this.edges[state]?.get(letter) ?? []
    return this.universal.has(state) ? [...edges, state] : edges
  }

  /** With what steps that read nothing lead to. */
  closed(states: Set<number>): Set<number> {
    // Patterns add their steps from left to right, so one pass follows chains of them.
    for (const [from, to] of this.empties) if (states.has(from)) states.add(to)
    return states
  }

  /** Where any value of a symbol can lead, read character by character. */
  #read(from: number, domain: Domain, into: Set<number>): void {
    const width = domain.next.length
    const seen = new Set<number>()
    const open = [from * width + domain.start]
    for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
      if (seen.has(pair)) continue
      seen.add(pair)
      this.#readPairs += 1
      if (this.#readPairs > readPairsMax) {
        // Any state may follow: coarser than need be, and never wrong.
        for (const state of this.edges.keys()) into.add(state)
        return
      }
      const at = Math.floor(pair / width)
      const inside = pair % width
      if (domain.accepting[inside] === true) into.add(at)
      const row = domain.next[inside]
      for (const letter of this.characters(at)) {
        const to = row?.[letter] ?? -1
        if (to < 0) continue
        const next = this.#next(at, letter)
        const targets = this.empties.length === 0 ? next : this.closed(new Set(next))
        for (const target of targets) open.push(target * width + to)
      }
    }
  }

  #readPairs = 0
  readonly #targets = new Map<number, readonly number[]>()

  /** @returns the start state */
  add(pattern: Pattern): number {
    const start = this.#state()
    let at = start
    for (const piece of pattern) {
      switch (piece.type) {
        case 'text':
          for (const character of piece.text) at = this.#character(at, character, piece.anyCase)
          break
        case 'any':
          if (this.#reading === 'exact') at = this.#loop(at, this.#letters.ofClass('any'))
          else this.universal.add(at)
          break
        case 'anyButColon': {
          const colon = this.#letters.letterOf(':')
          at = this.#loop(
            at,
            this.#letters.ofClass('any').filter((letter) => letter !== colon),
          )
          break
        }
        case 'one':
          at = this.#to(at, this.#letters.ofClass('any'))
          break
        case 'class':
          at = this.#class(at, this.#letters.ofClass(piece.class))
          break
        default:
          at = this.#symbol(at, piece.symbol)
      }
    }
    this.accepting.add(at)
    return start
  }

  #state(): number {
    this.edges.push(new Map())
    return this.edges.length - 1
  }

  #edge(from: number, letter: number, to: number): void {
    const edges = this.edges[from]
    const known = edges?.get(letter)
    if (known === undefined) edges?.set(letter, [to])
    else if (!known.includes(to)) known.push(to)
  }

  #to(from: number, letters: Iterable<number>): number {
    const to = this.#state()
    for (const letter of letters) this.#edge(from, letter, to)
    return to
  }

  #character(from: number, character: string, anyCase = false): number {
    const both = anyCase
      ? [character.toLowerCase(), character.toUpperCase(), character]
      : [character]
    return this.#to(from, new Set(both.map((one) => this.#letters.letterOf(one))))
  }

  #loop(from: number, letters: readonly number[]): number {
    for (const letter of letters) this.#edge(from, letter, from)
    return from
  }

  /** One or more of a class; symbols whose values are made of it alone count as such. */
  #class(from: number, characters: readonly number[]): number {
    const symbols = this.#reading === 'exact' ? [] : this.#domains
    const within = symbols.flatMap((domain, symbol) =>
      domain.accepting[domain.start] !== true &&
      [...domain.alphabet].every((letter) => characters.includes(letter))
        ? [this.#letters.symbolLetter(symbol)]
        : [],
    )
    const all = [...characters, ...within]
    const to = this.#to(from, all)
    for (const letter of all) this.#edge(to, letter, to)
    return to
  }

  #symbol(from: number, symbol: number): number {
    const to = this.#to(from, [this.#letters.symbolLetter(symbol)])
    const domain = this.#domains[symbol]
    if (this.#reading !== 'may' || domain === undefined) return to
    const inside = domain.next.map(() => this.#state())
    const enter = (at: number, state: number): void => {
      for (let letter = 0; letter < this.#letters.characters.length; letter += 1) {
        const next = domain.next[state]?.[letter] ?? -1
        if (next < 0) continue
        this.#edge(at, letter, inside[next] ?? 0)
        if (domain.accepting[next] === true) this.#edge(at, letter, to)
      }
    }
    enter(from, domain.start)
    for (const [state, at] of inside.entries()) enter(at, state)
    this.#emptyValue(domain, from, to)
    return to
  }

  /** A value that can be empty: `to` then starts where `from` does. */
  #emptyValue(domain: Domain, from: number, to: number): void {
    if (domain.accepting[domain.start] === true) this.empties.push([from, to])
  }

  /** Steps that read nothing. */
  readonly empties: (readonly [from: number, to: number])[] = []
}

/** The subset construction, lazily. */
class Subsets implements Automaton {
  readonly start: number
  readonly #states: States
  readonly #letters: Letters
  readonly #subsets: (readonly number[])[] = []
  readonly #known = new Map<string, number>()
  readonly #steps: Int32Array[] = []
  readonly #accepting: boolean[] = []
  readonly #universal: boolean[] = []

  constructor(states: States, letters: Letters) {
    this.#states = states
    this.#letters = letters
    this.start = this.#intern(new Set(states.starts))
  }

  accepts(state: number): boolean {
    return this.#accepting[state] === true
  }

  acceptsAll(state: number): boolean {
    return this.#universal[state] === true
  }

  step(state: number, letter: number): number {
    const steps = this.#steps[state]
    if (steps === undefined) return -1
    const known = steps[letter] ?? -2
    if (known !== -2) return known
    const next = new Set<number>()
    for (const from of this.#subsets[state] ?? []) {
      for (const to of this.#states.targets(from, letter)) next.add(to)
    }
    const to = this.#intern(next)
    steps[letter] = to
    return to
  }

  #intern(subset: Set<number>): number {
    if (subset.size === 0) return -1
    const sorted = [...subset].sort((left, right) => left - right)
    const name = sorted.join(',')
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const state = this.#subsets.length
    this.#known.set(name, state)
    this.#subsets.push(sorted)
    this.#steps.push(new Int32Array(this.#letters.count).fill(-2))
    this.#accepting.push(sorted.some((one) => this.#states.accepting.has(one)))
    this.#universal.push(
      sorted.some((one) => this.#states.accepting.has(one) && this.#states.universal.has(one)),
    )
    return state
  }
}
