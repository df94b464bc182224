/**
 * Parses fleet queries (gateway G79, A13).
 *
 * Precedence, tightest first: `NOT`/`-`/`!` on one term, `AND`, `OR`. Terms that merely follow each
 * other are joined as by `AND`, its precedence included.
 */
import { accept, present, refuse, type Outcome } from '@muster/model'
import type { Bound, Condition, PatternPart, Query } from './query.ts'
import { QueryFault, syntaxFault, tokenize, type Symbol, type Token } from './tokenize.ts'

/** Terms of one query (A13), and characters of one query string. */
const TERMS_MAX = 12
const QUERY_CHARACTERS_MAX = 1000
/** `*` in one term. */
const RUNS_MAX = 2
/** Parentheses within parentheses. */
const DEPTH_MAX = 500

/**
 * Parses a query string.
 *
 * @param isField - whether the index has a field of this name
 * @returns InvalidQueryException for bad syntax, fields that do not exist, a leading wildcard,
 *   more than 12 terms, and shadow and Device Defender fields, which this server has not;
 *   InvalidRequestException for more than 1,000 characters
 */
export function parseQuery(
  queryString: string,
  isField: (name: string) => boolean,
): Outcome<Query> {
  if (queryString.length > QUERY_CHARACTERS_MAX) {
    return refuse('InvalidRequestException', 'queryString must be at most 1000 characters long')
  }
  try {
    const parser = new Parser(tokenize(queryString), isField)
    return accept(parser.parse())
  } catch (cause) {
    if (!(cause instanceof QueryFault)) throw cause
    return refuse('InvalidQueryException', `${cause.message}, query string: ${queryString}`)
  }
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #isField: (name: string) => boolean
  #at = 0
  #terms = 0
  #depth = 0
  /** Found while parsing, but syntax errors come first. */
  #fault: QueryFault | undefined

  constructor(tokens: readonly Token[], isField: (name: string) => boolean) {
    this.#tokens = tokens
    this.#isField = isField
  }

  parse(): Query {
    const query = this.#alternatives(undefined)
    if (this.#at < this.#tokens.length) throw syntaxFault()
    if (this.#terms > TERMS_MAX) {
      throw new QueryFault(
        `Unable to parse query, number of terms cannot exceed ${TERMS_MAX}, ` +
          `terms found: ${this.#terms}`,
      )
    }
    if (this.#fault !== undefined) throw this.#fault
    return query
  }

  #alternatives(field: string | undefined): Query {
    const operands = [this.#conjunction(field)]
    while (this.#takeOperator('OR', '||')) operands.push(this.#conjunction(field))
    return joined('or', operands)
  }

  #conjunction(field: string | undefined): Query {
    const operands = [this.#negation(field)]
    while (this.#takeOperator('AND', '&&') || this.#nextIsOperand()) {
      operands.push(this.#negation(field))
    }
    return joined('and', operands)
  }

  /** Whether something follows that neither ends this conjunction nor is an operator of it. */
  #nextIsOperand(): boolean {
    const token = this.#tokens[this.#at]
    if (token === undefined || this.#nextIs(')')) return false
    return token.kind === 'symbol' || !isOneOf(token, 'OR', '||')
  }

  #negation(field: string | undefined): Query {
    if (this.#takeNot()) {
      if (this.#takeNot()) throw syntaxFault()
      return { kind: 'not', operand: this.#primary(field) }
    }
    return this.#primary(field)
  }

  #primary(field: string | undefined): Query {
    if (this.#take('(')) return this.#group(field)
    if (this.#nextIs('[', '{')) return this.#term(field, this.#range())
    const word = this.#word()
    const comparison = this.#takeSymbol('<', '>', '<=', '>=')
    if (comparison !== undefined) {
      return this.#term(this.#field(word, field), this.#comparison(comparison))
    }
    if (!this.#take(':')) {
      if (isOperator(word)) throw syntaxFault()
      if (field === undefined && isAnyRun(word)) {
        this.#terms += 1
        return { kind: 'all' }
      }
      return this.#term(field, this.#condition(word))
    }
    const named = this.#field(word, field)
    if (this.#take('(')) return this.#group(named)
    if (this.#nextIs('[', '{')) return this.#term(named, this.#range())
    // A value may begin with a hyphen; in front of a value it excludes nothing.
    const sign = this.#take('-') ? '-' : ''
    const value = this.#word()
    if (sign === '') return this.#term(named, this.#condition(value))
    const parts: PatternPart[] = [{ kind: 'character', character: '-' }, ...value.parts]
    return this.#term(named, this.#condition({ ...value, text: sign + value.text, parts }))
  }

  #group(field: string | undefined): Query {
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) throw syntaxFault()
    const query = this.#alternatives(field)
    if (!this.#take(')')) throw syntaxFault()
    this.#depth -= 1
    return query
  }

  #term(field: string | undefined, condition: Condition): Query {
    this.#terms += 1
    return { kind: 'term', field, condition }
  }

  #condition(word: Word): Condition {
    const wild = word.parts.filter((part) => part.kind !== 'character')
    if (wild.length === 0) return { kind: 'equals', text: word.text.toLowerCase() }
    if (isAnyRun(word)) return { kind: 'exists' }
    if (word.parts[0]?.kind !== 'character') {
      this.#blame('Unable to parse query, leading wildcards are not supported')
    }
    if (wild.filter((part) => part.kind === 'anyRun').length > RUNS_MAX) {
      this.#blame(`Unable to parse query, a term can have at most ${RUNS_MAX} * wildcards`)
    }
    const pattern = word.parts.map((part): PatternPart =>
      part.kind === 'character'
        ? { kind: 'character', character: part.character.toLowerCase() }
        : part,
    )
    return { kind: 'like', pattern }
  }

  #comparison(symbol: Symbol): Condition {
    const sign = this.#take('-') ? '-' : ''
    const word = this.#word()
    if (word.parts.some((part) => part.kind !== 'character')) throw syntaxFault()
    const bound: Bound = {
      text: sign + word.text.toLowerCase(),
      included: symbol.length === 2,
      quoted: word.quoted,
    }
    return symbol.startsWith('<') ? { kind: 'range', to: bound } : { kind: 'range', from: bound }
  }

  #range(): Condition {
    const fromIncluded = this.#takeSymbol('[', '{') === '['
    const from = this.#bound(fromIncluded)
    const to = this.#word()
    if (to.quoted || to.text !== 'TO') throw syntaxFault()
    const upper = this.#bound(true)
    const close = this.#takeSymbol(']', '}')
    if (close === undefined) throw syntaxFault()
    return {
      kind: 'range',
      ...present({ from }),
      ...(upper === undefined ? {} : { to: { ...upper, included: close === ']' } }),
    }
  }

  /** One end of a range; undefined for `*`. */
  #bound(included: boolean): Bound | undefined {
    const sign = this.#take('-') ? '-' : ''
    const word = this.#word()
    if (isAnyRun(word)) return undefined
    if (!word.quoted && word.text === 'TO') throw syntaxFault()
    return { text: (sign + word.text).toLowerCase(), included, quoted: word.quoted }
  }

  #field(word: Word, outer: string | undefined): string {
    if (outer !== undefined || word.quoted || isOperator(word)) throw syntaxFault()
    const name = word.text
    const wild = word.parts.some((part) => part.kind !== 'character')
    if (/^(shadow|deviceDefender)\./.test(name)) {
      this.#blame(
        `Unable to parse query, this server has no shadows and no Device Defender to query: ${name}`,
      )
    } else if (wild || !this.#isField(name)) {
      this.#blame(`Unable to parse query, invalid field name, field name: ${name}`)
    }
    return name
  }

  #blame(message: string): void {
    this.#fault ??= new QueryFault(message)
  }

  #word(): Word {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word') throw syntaxFault()
    this.#at += 1
    return token
  }

  #nextIs(...symbols: Symbol[]): boolean {
    const token = this.#tokens[this.#at]
    return token?.kind === 'symbol' && symbols.includes(token.symbol)
  }

  #take(symbol: Symbol): boolean {
    return this.#takeSymbol(symbol) !== undefined
  }

  #takeSymbol(...symbols: Symbol[]): Symbol | undefined {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'symbol' || !symbols.includes(token.symbol)) return undefined
    this.#at += 1
    return token.symbol
  }

  #takeOperator(...texts: string[]): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word' || !isOneOf(token, ...texts)) return false
    this.#at += 1
    return true
  }

  #takeNot(): boolean {
    return this.#takeOperator('NOT') || this.#takeSymbol('-', '!') !== undefined
  }
}

type Word = Extract<Token, { kind: 'word' }>

function isOperator(word: Word): boolean {
  return isOneOf(word, 'AND', 'OR', 'NOT', '&&', '||')
}

function isOneOf(word: Word, ...operators: string[]): boolean {
  return word.plain && operators.includes(word.text)
}

/** A `*` alone. */
function isAnyRun(word: Word): boolean {
  return word.parts.length === 1 && word.parts[0]?.kind === 'anyRun'
}

function joined(kind: 'and' | 'or', operands: readonly Query[]): Query {
  const [only] = operands
  return operands.length === 1 && only !== undefined ? only : { kind, operands }
}
