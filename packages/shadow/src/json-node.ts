/**
 * JSON that is read and written again without losing anything (neighbours N29): members stay in their
 * order, whatever their names, and numbers keep their digits.
 */

/**
 * A value: text of a string, number, `true`, `false` or `null` as it is written; a list; or an object.
 * Of a member that comes twice the last value counts.
 */
export type JsonNode = string | readonly JsonNode[] | JsonObject

/** Members in their order. */
export type JsonObject = ReadonlyMap<string, JsonNode>

/** `null` as a {@link JsonNode}. */
export const NULL = 'null'

/** Deeper than any shadow may be: what is read by recursion must end somewhere. */
const DEPTH_MAX = 100

/** What {@link readJson} found instead of a value. */
export type NoJson = 'malformed' | 'too deep'

/**
 * Reads a text that is one JSON value.
 *
 * @param leaf - what is taken as one value though it is none, from a `{` on; sticky
 */
export function readJson(text: string, leaf?: RegExp): { readonly node: JsonNode } | NoJson {
  const reader = new JsonReader(text, leaf)
  try {
    return { node: reader.whole() }
  } catch (cause) {
    if (cause instanceof Unreadable) return cause.why
    throw cause
  }
}

export function isObject(node: JsonNode | undefined): node is JsonObject {
  return node instanceof Map
}

export function isList(node: JsonNode): node is readonly JsonNode[] {
  return Array.isArray(node)
}

/** The text of a string; undefined for anything else. */
export function stringOf(node: JsonNode | undefined): string | undefined {
  return typeof node === 'string' && node.startsWith('"') ? (JSON.parse(node) as string) : undefined
}

/** Without blanks. */
export function writeJson(node: JsonNode): string {
  if (typeof node === 'string') return node
  if (isList(node)) return `[${node.map(writeJson).join(',')}]`
  let text = '{'
  for (const [name, member] of node) {
    text += `${text === '{' ? '' : ','}${nameText(name)}:${writeJson(member)}`
  }
  return `${text}}`
}

/** What needs no escape, in the names of most members. */
const PLAIN_NAME = /^[\w .:$-]*$/

function nameText(name: string): string {
  return PLAIN_NAME.test(name) ? `"${name}"` : JSON.stringify(name)
}

/** Whether two values are the same: numbers by value, members in any order (neighbours N28). */
export function isSame(left: JsonNode, right: JsonNode): boolean {
  if (left === right) return true
  if (typeof left === 'string' || typeof right === 'string') return isSameNumber(left, right)
  if (isList(left) || isList(right)) {
    if (!isList(left) || !isList(right) || left.length !== right.length) return false
    return left.every((entry, place) => isSame(entry, right[place] as JsonNode))
  }
  const [one, other] = [left, right]
  if (one.size !== other.size) return false
  for (const [name, member] of one) {
    const counterpart = other.get(name)
    if (counterpart === undefined || !isSame(member, counterpart)) return false
  }
  return true
}

const WHOLE = /^-?\d+$/
const NUMBER = /^-?\d/

/** Whole numbers by all of their digits, others as doubles. */
function isSameNumber(left: JsonNode, right: JsonNode): boolean {
  if (typeof left !== 'string' || typeof right !== 'string') return false
  if (!NUMBER.test(left) || !NUMBER.test(right)) return false
  if (WHOLE.test(left) && WHOLE.test(right)) return BigInt(left) === BigInt(right)
  return Number(left) === Number(right)
}

class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly why: NoJson

  constructor(why: NoJson) {
    super(why)
    this.why = why
  }
}

const BLANK = /[\t\n\r ]*/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
// eslint-disable-next-line no-control-regex -- what a JSON string may not hold as it is
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y

/** Reads by recursion, one value after the other. */
class JsonReader {
  readonly #text: string
  readonly #leaf: RegExp | undefined
  #at = 0
  #depth = 0

  constructor(text: string, leaf: RegExp | undefined) {
    this.#text = text
    this.#leaf = leaf
  }

  whole(): JsonNode {
    this.#skipBlank()
    const node = this.#value()
    if (this.#at < this.#text.length) throw new Unreadable('malformed')
    return node
  }

  #value(): JsonNode {
    const first = this.#text.charCodeAt(this.#at)
    if (first === 0x7b) {
      const leaf = this.#leaf === undefined ? undefined : this.#token(this.#leaf)
      if (leaf !== undefined) return leaf
      this.#enter()
      return this.#left(this.#object())
    }
    if (first === 0x5b) {
      this.#enter()
      return this.#left(this.#list())
    }
    return first === 0x22 ? ownSpelling(this.#take(STRING)) : this.#take(SCALAR)
  }

  /** Into an object or a list, past its bracket. */
  #enter(): void {
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) throw new Unreadable('too deep')
    this.#at += 1
    this.#skipBlank()
  }

  #left<T>(node: T): T {
    this.#depth -= 1
    return node
  }

  #object(): JsonObject {
    const members = new Map<string, JsonNode>()
    if (this.#isNext('}')) return members
    do {
      if (this.#text[this.#at] !== '"') throw new Unreadable('malformed')
      const name = this.#take(STRING)
      this.#expect(':')
      members.set(plainText(name), this.#value())
    } while (this.#isNext(','))
    this.#expect('}')
    return members
  }

  #list(): readonly JsonNode[] {
    const entries: JsonNode[] = []
    if (this.#isNext(']')) return entries
    do entries.push(this.#value())
    while (this.#isNext(','))
    this.#expect(']')
    return entries
  }

  #take(pattern: RegExp): string {
    const token = this.#token(pattern)
    if (token === undefined) throw new Unreadable('malformed')
    return token
  }

  /** Takes a token and the blanks behind it, where there is one. */
  #token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return undefined
    const token = this.#text.slice(this.#at, pattern.lastIndex)
    this.#at = pattern.lastIndex
    this.#skipBlank()
    return token
  }

  #isNext(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false
    this.#at += 1
    this.#skipBlank()
    return true
  }

  #expect(mark: string): void {
    if (!this.#isNext(mark)) throw new Unreadable('malformed')
  }

  #skipBlank(): void {
    if (this.#text.charCodeAt(this.#at) > 0x20) return
    BLANK.lastIndex = this.#at
    BLANK.exec(this.#text)
    this.#at = BLANK.lastIndex
  }
}

/** A string as short as can be: an escape that need not be one counts for nothing in its size. */
function ownSpelling(token: string): string {
  return token.includes('\\') ? JSON.stringify(JSON.parse(token)) : token
}

function plainText(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1)
}
