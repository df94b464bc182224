/**
 * Parses fleet queries (gateway G79, A13).
 *
 * Precedence, tightest first: `NOT`/`-`/`!` on one term, `AND`, `OR`, and last terms that merely
 * follow each other, all of which must hold.
 */
import { accept, invalidRequest, present, refuse, type Outcome } from '@muster/model'
import type { Bound, Condition, PatternPart, Query } from './query.ts'
import { isAnyPackageField, isPackageVersion } from './shadow-fields.ts'
import { QueryFault, syntaxFault, tokenize, type Symbol, type Token } from './tokenize.ts'

/** Terms of one query (A13), and characters of one query string. */
const TERMS_MAX = 12
const QUERY_CHARACTERS_MAX = 1000
/** `*` in one term, and `?`. */
const RUNS_MAX = 2
const ANY_CHARACTERS_MAX = 5
/** Characters of a query in which a term begins with `*`. */
const LEADING_WILDCARD_CHARACTERS_MAX = 100
/** Parentheses within parentheses. */
const DEPTH_MAX = 500

/** What is wrong with asking for a field; undefined: nothing. */
export type FieldRule = (name: string) => QueryFault | undefined

/**
 * Parses a query string.
 *
 * @param fieldFault - which fields the index has
 * @param termsMax - a dynamic group's query has fewer (neighbours N48)
 * @returns InvalidQueryException for bad syntax, fields that do not exist, wildcards where there
 *   can be none and more than 12 terms; InvalidRequestException for fields of what is not indexed
 *   and more than 1,000 characters
 */
export function parseQuery(
  queryString: string,
  fieldFault: FieldRule,
  termsMax: number = TERMS_MAX,
): Outcome<Query> {
  const length = Array.from(queryString).length
  if (length > QUERY_CHARACTERS_MAX) {
    return invalidRequest(
      `1 validation error detected: Value '${queryString}' at 'queryString' failed to satisfy ` +
        `constraint: Member must have length less than or equal to ${QUERY_CHARACTERS_MAX}`,
    )
  }
  try {
    const parser = new Parser(tokenize(queryString), fieldFault, length, termsMax)
    return accept(parser.parse())
  } catch (cause) {
    if (!(cause instanceof QueryFault)) throw cause
    if (cause.notIndexed) return invalidRequest(cause.message)
    return refuse('InvalidQueryException', `${cause.message}, query string: ${queryString}`)
  }
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #fieldFault: FieldRule
  readonly #length: number
  readonly #termsMax: number
  #at = 0
  #terms = 0
  #leadingWildcards = 0
  #depth = 0
  /** Found while parsing, but syntax errors come first. */
  #fault: QueryFault | undefined

  constructor(tokens: readonly Token[], fieldFault: FieldRule, length: number, termsMax: number) {
    this.#tokens = tokens
    this.#fieldFault = fieldFault
    this.#length = length
    this.#termsMax = termsMax
  }

  parse(): Query {
    const query = this.#sequence(undefined)
    if (this.#at < this.#tokens.length) throw syntaxFault()
    if (this.#terms > this.#termsMax) {
      throw new QueryFault(
        `Unable to parse query, number of terms cannot exceed ${this.#termsMax}, ` +
          `terms found: ${this.#terms}`,
      )
    }
    if (this.#fault !== undefined) throw this.#fault
    return query
  }

  #sequence(field: string | undefined): Query {
    const operands = [this.#alternatives(field)]
    while (this.#nextIsOperand()) operands.push(this.#alternatives(field))
    return joined('and', operands)
  }

  #alternatives(field: string | undefined): Query {
    const operands = [this.#conjunction(field)]
    while (this.#takeOperator('OR', '||')) operands.push(this.#conjunction(field))
    return joined('or', operands)
  }

  #conjunction(field: string | undefined): Query {
    const operands = [this.#negation(field)]
    while (this.#takeOperator('AND', '&&')) operands.push(this.#negation(field))
    return joined('and', operands)
  }

  /** Whether something follows that neither ends this sequence nor is an operator. */
  #nextIsOperand(): boolean {
    const token = this.#tokens[this.#at]
    if (token === undefined || this.#nextIs(')')) return false
    return token.kind === 'symbol' || !isOneOf(token, 'AND', '&&', 'OR', '||')
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
      return this.#term(field, this.#condition(word, field))
    }
    const named = this.#field(word, field)
    if (this.#take('(')) return this.#group(named)
    if (this.#nextIs('[', '{')) return this.#term(named, this.#range())
    // A value may begin with a hyphen; in front of a value it excludes nothing.
    const sign = this.#take('-') ? '-' : ''
    const value = this.#word()
    if (sign === '') return this.#term(named, this.#condition(value, named))
    const parts: PatternPart[] = [{ kind: 'character', character: '-' }, ...value.parts]
    return this.#term(named, this.#condition({ ...value, text: sign + value.text, parts }, named))
  }

  #group(field: string | undefined): Query {
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) throw syntaxFault()
    const query = this.#sequence(field)
    if (!this.#take(')')) throw syntaxFault()
    this.#depth -= 1
    return query
  }

  #term(field: string | undefined, condition: Condition): Query {
    this.#terms += 1
    if (condition.kind === 'range' && field !== undefined && isPackageVersion(field)) {
      this.#blame(`Unable to parse query, versions of packages have no order, field name: ${field}`)
    }
    return { kind: 'term', field, condition }
  }

  #condition(word: Word, field: string | undefined): Condition {
    const wild = word.parts.filter((part) => part.kind !== 'character')
    if (wild.length === 0) return { kind: 'equals', text: word.text.toLowerCase() }
    if (isAnyRun(word)) return { kind: 'exists' }
    this.#checkWildcards(word, field)
    const pattern = word.parts.map((part): PatternPart =>
      part.kind === 'character'
        ? { kind: 'character', character: part.character.toLowerCase() }
        : part,
    )
    return { kind: 'like', pattern }
  }

  #checkWildcards(word: Word, field: string | undefined): void {
    const of = `${field === undefined ? '' : `, field name: ${field}`}, value: ${word.text}`
    const first = word.parts[0]?.kind
    if (first === 'anyCharacter') {
      this.#blame(
        'Unable to parse query, invalid value - wildcard character (?) is not allowed ' +
          `at the start of the value${of}`,
      )
    }
    if (word.parts.filter((part) => part.kind === 'anyRun').length > RUNS_MAX) {
      this.#blame(
        'Unable to parse query, invalid value - too many wildcards (*). ' +
          `The maximum allowed per term is ${RUNS_MAX}${of}`,
      )
    }
    if (word.parts.filter((part) => part.kind === 'anyCharacter').length > ANY_CHARACTERS_MAX) {
      this.#blame(
        'Unable to parse query, invalid value - too many wildcards (?). ' +
          `The maximum allowed per term is ${ANY_CHARACTERS_MAX}${of}`,
      )
    }
    if (first !== 'anyRun') return
    this.#leadingWildcards += 1
    if (this.#leadingWildcards > 1) {
      this.#blame(`Unable to parse query, one term of a query can begin with a wildcard${of}`)
    }
    if (this.#length > LEADING_WILDCARD_CHARACTERS_MAX) {
      this.#blame(
        'Unable to parse query, a query in which a term begins with a wildcard can have ' +
          `${LEADING_WILDCARD_CHARACTERS_MAX} characters${of}`,
      )
    }
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
    const isUnknown = wild && !isAnyPackageField(name)
    this.#fault ??= isUnknown ? unknownField(name) : this.#fieldFault(name)
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

/** The fault of a query that asks for a field which the index has not. */
export function unknownField(name: string): QueryFault {
  return new QueryFault(`Unable to parse query, invalid field name, field name: ${name}`)
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
