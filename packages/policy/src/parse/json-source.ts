/**
 * JSON with positions: what `JSON.parse` accepts, and where in the text each value stood, so that
 * refusals and findings can point at it. Also refuses what a policy must not leave ambiguous: a
 * member named twice.
 */

/** A value and the offset of its first character. */
export type JsonNode =
  | { readonly type: 'object'; readonly at: number; readonly members: readonly JsonMember[] }
  | { readonly type: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly type: 'string'; readonly at: number; readonly value: string }
  | { readonly type: 'number'; readonly at: number; readonly value: number; readonly text: string }
  | { readonly type: 'boolean'; readonly at: number; readonly value: boolean }
  | { readonly type: 'null'; readonly at: number }

/** A member of an object; `at` is the offset of its name. */
export interface JsonMember {
  readonly name: string
  readonly at: number
  readonly value: JsonNode
}

/** Text that is not JSON, or is ambiguous. */
export interface JsonFault {
  readonly at: number
  readonly message: string
}

/** Lines and columns count from 1; a column is a UTF-16 code unit. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Deeper nesting than any policy has; guards the recursion. */
const depthMax = 64

/** Line and column of an offset. */
export function positionOf(text: string, at: number): Position {
  let line = 1
  let lineStart = 0
  for (let index = text.indexOf('\n'); index >= 0 && index < at;) {
    line += 1
    lineStart = index + 1
    index = text.indexOf('\n', lineStart)
  }
  return { line, column: at - lineStart + 1 }
}

/** Reads one JSON value that fills the whole text. */
export function readJson(text: string): { root: JsonNode } | { fault: JsonFault } {
  const reader = new Reader(text)
  try {
    return { root: reader.document() }
  } catch (cause) {
    if (cause instanceof Fault) return { fault: { at: cause.at, message: cause.message } }
    throw cause
  }
}

/** Never leaves this file. */
class Fault extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

const whitespace = /[\t\n\r ]*/y
// eslint-disable-next-line no-control-regex -- JSON forbids raw control characters in strings
const stringBody = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const word = /true|false|null/y

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonNode {
    this.#skip()
    if (this.#at === this.#text.length) throw new Fault(this.#at, 'the document is empty')
    const root = this.#value(0)
    this.#skip()
    if (this.#at < this.#text.length) {
      throw new Fault(this.#at, `expected the end of the document, found ${this.#found()}`)
    }
    return root
  }

  #value(depth: number): JsonNode {
    if (depth > depthMax) throw new Fault(this.#at, `nested deeper than ${depthMax} levels`)
    const at = this.#at
    const first = this.#text[at]
    if (first === '{') return this.#object(at, depth)
    if (first === '[') return this.#array(at, depth)
    if (first === '"') return { type: 'string', at, value: this.#string() }
    const literal = this.#take(word)
    if (literal === 'null') return { type: 'null', at }
    if (literal !== undefined) return { type: 'boolean', at, value: literal === 'true' }
    const digits = this.#take(number)
    if (digits !== undefined) return { type: 'number', at, value: Number(digits), text: digits }
    throw new Fault(at, `expected a JSON value, found ${this.#found()}`)
  }

  #object(at: number, depth: number): JsonNode {
    const members: JsonMember[] = []
    const names = new Set<string>()
    this.#at += 1
    this.#skip()
    if (this.#text[this.#at] === '}') {
      this.#at += 1
      return { type: 'object', at, members }
    }
    for (;;) {
      const nameAt = this.#at
      if (this.#text[nameAt] !== '"') {
        throw new Fault(nameAt, `expected a member name in double quotes, found ${this.#found()}`)
      }
      const name = this.#string()
      if (names.has(name))
        throw new Fault(nameAt, `member \`${name.slice(0, 200)}\` stands here twice`)
      names.add(name)
      this.#skip()
      this.#expect(':', `after the member name \`${name.slice(0, 200)}\``)
      this.#skip()
      members.push({ name, at: nameAt, value: this.#value(depth + 1) })
      this.#skip()
      if (this.#text[this.#at] === '}') break
      this.#expect(',', 'or `}` after a member')
      this.#skip()
    }
    this.#at += 1
    return { type: 'object', at, members }
  }

  #array(at: number, depth: number): JsonNode {
    const items: JsonNode[] = []
    this.#at += 1
    this.#skip()
    if (this.#text[this.#at] === ']') {
      this.#at += 1
      return { type: 'array', at, items }
    }
    for (;;) {
      items.push(this.#value(depth + 1))
      this.#skip()
      if (this.#text[this.#at] === ']') break
      this.#expect(',', 'or `]` after an element')
      this.#skip()
    }
    this.#at += 1
    return { type: 'array', at, items }
  }

  #string(): string {
    const at = this.#at
    const quoted = this.#take(stringBody)
    if (quoted === undefined) throw new Fault(at, 'the string is not closed or not legal JSON')
    return JSON.parse(quoted) as string
  }

  #expect(character: string, where: string): void {
    if (this.#text[this.#at] !== character) {
      throw new Fault(this.#at, `expected \`${character}\` ${where}, found ${this.#found()}`)
    }
    this.#at += 1
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const taken = pattern.exec(this.#text)?.[0]
    if (taken !== undefined) this.#at += taken.length
    return taken
  }

  #skip(): void {
    this.#take(whitespace)
  }

  #found(): string {
    const code = this.#text.codePointAt(this.#at)
    return code === undefined ? 'the end of the document' : `\`${String.fromCodePoint(code)}\``
  }
}
