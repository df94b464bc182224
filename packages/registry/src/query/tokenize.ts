/**
 * Cuts a query string into tokens (gateway G79).
 */
import type { PatternPart } from './query.ts'

/** A piece of a query string. */
export type Token =
  | {
      readonly kind: 'word'
      /** As meant: escapes resolved, wildcards as they were written. */
      readonly text: string
      readonly parts: readonly PatternPart[]
      readonly quoted: boolean
      /** No escape and no quote in it, so it may be an operator or a field. */
      readonly plain: boolean
    }
  | { readonly kind: 'symbol'; readonly symbol: Symbol; readonly spaceBefore: boolean }

/** Characters that mean something by themselves. */
export type Symbol = '(' | ')' | '[' | ']' | '{' | '}' | ':' | '<' | '>' | '<=' | '>=' | '-' | '!'

/** What is wrong with a query. */
export class QueryFault extends Error {
  override readonly name = 'QueryFault'
  /** Whether the query is well-formed, but asks for something that is not indexed. */
  readonly notIndexed: boolean

  constructor(message: string, notIndexed = false) {
    super(message)
    this.notIndexed = notIndexed
  }
}

const SYNTAX = 'Unable to parse query, invalid syntax'
const SYMBOLS = '()[]{}:<>'
const SPACE = /\s/
/** Characters that stand for nothing, and for themselves only when escaped or quoted. */
const UNSUPPORTED = "`@#%/';,"

/** @throws QueryFault for an open quote, an unsupported character, or Lucene's other operators */
export function tokenize(queryString: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < queryString.length) {
    const character = queryString[at] as string
    if (SPACE.test(character)) {
      at += 1
    } else if (SYMBOLS.includes(character)) {
      const spaceBefore = at > 0 && SPACE.test(queryString[at - 1] as string)
      const orEqual = (character === '<' || character === '>') && queryString[at + 1] === '='
      const symbol = (orEqual ? `${character}=` : character) as Symbol
      tokens.push({ kind: 'symbol', symbol, spaceBefore })
      at += symbol.length
    } else if (character === '-' || character === '!') {
      // Only in front of a word: inside one, a hyphen is a character like any other.
      tokens.push({ kind: 'symbol', symbol: character, spaceBefore: true })
      at += 1
    } else if (character === '+') {
      throw new QueryFault('Unable to parse query, unsupported operator - "+"')
    } else if (character === '/') {
      throw new QueryFault('Unable to parse query, unsupported query type - regular expression')
    } else if (character === '"') {
      const end = closingQuote(queryString, at)
      const text = queryString.slice(at + 1, end).replaceAll(/\\(.)/gsu, '$1')
      tokens.push({ kind: 'word', text, parts: literal(text), quoted: true, plain: false })
      at = end + 1
    } else {
      const word = readWord(queryString, at)
      tokens.push(word.token)
      at = word.end
    }
  }
  return tokens
}

/** The parts of a text without wildcards. */
export function literal(text: string): PatternPart[] {
  return Array.from(text, (character) => ({ kind: 'character', character }))
}

/** The fault of a query that is no query. */
export function syntaxFault(): QueryFault {
  return new QueryFault(SYNTAX)
}

function closingQuote(queryString: string, start: number): number {
  for (let at = start + 1; at < queryString.length; at += 1) {
    if (queryString[at] === '\\') at += 1
    else if (queryString[at] === '"') return at
  }
  throw syntaxFault()
}

function readWord(queryString: string, start: number): { token: Token; end: number } {
  const parts: PatternPart[] = []
  let text = ''
  let plain = true
  let at = start
  for (; at < queryString.length; at += 1) {
    let character = queryString[at] as string
    if (SPACE.test(character) || SYMBOLS.includes(character)) break
    if (character === '"' || UNSUPPORTED.includes(character)) throw syntaxFault()
    if (character === '~') {
      throw new QueryFault('Unable to parse query, unsupported query type - fuzzy')
    }
    if (character === '^') {
      throw new QueryFault('Unable to parse query, unsupported query type - boost')
    }
    if (character === '*') parts.push({ kind: 'anyRun' })
    else if (character === '?') parts.push({ kind: 'anyCharacter' })
    else {
      if (character === '\\') {
        at += 1
        if (at === queryString.length) throw syntaxFault()
        character = queryString[at] as string
        plain = false
      }
      parts.push({ kind: 'character', character })
    }
    text += character
  }
  return { token: { kind: 'word', text, parts, quoted: false, plain }, end: at }
}
