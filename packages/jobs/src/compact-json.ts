/**
 * Job documents as devices get them: AWS reads a document once and writes it anew, without blanks,
 * with every string and number in its own spelling. Members keep their order, `null` stays, and of a
 * member that comes twice the last value counts.
 */
import { doubleText } from '@muster/model'

/** How deep a document may be nested. */
const DEPTH_MAX = 1000

/** @returns undefined for what is no JSON, or is nested deeper than 1000 levels */
export function compactJson(json: string): string | undefined {
  try {
    JSON.parse(json)
  } catch {
    return undefined
  }
  const reader = new ValidJson(json)
  return reader.isTooDeep() ? undefined : reader.value()
}

/** Writes valid JSON anew, value by value. */
class ValidJson {
  readonly #json: string
  #at = 0

  constructor(json: string) {
    this.#json = json
  }

  /** Brackets inside of strings count for nothing. */
  isTooDeep(): boolean {
    let depth = 0
    for (const [token] of this.#json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
      if (token === '[' || token === '{') depth += 1
      else if (token === ']' || token === '}') depth -= 1
      if (depth > DEPTH_MAX) return true
    }
    return false
  }

  value(): string {
    const token = this.#token()
    if (token === '[') return this.#list()
    if (token === '{') return this.#object()
    if (token.startsWith('"')) return stringText(JSON.parse(token) as string)
    return /^[tfn]/.test(token) ? token : numberText(token)
  }

  #list(): string {
    const items: string[] = []
    if (this.#peek() === ']') {
      this.#token()
      return '[]'
    }
    do items.push(this.value())
    while (this.#token() === ',')
    return `[${items.join(',')}]`
  }

  #object(): string {
    const members = new Map<string, string>()
    if (this.#peek() === '}') {
      this.#token()
      return '{}'
    }
    do {
      const name = stringText(JSON.parse(this.#token()) as string)
      this.#token()
      members.set(name, this.value())
    } while (this.#token() === ',')
    return `{${Array.from(members, ([name, value]) => `${name}:${value}`).join(',')}}`
  }

  #peek(): string | undefined {
    const at = this.#at
    const token = this.#token()
    this.#at = at
    return token
  }

  #token(): string {
    TOKEN.lastIndex = this.#at
    const [, token = ''] = TOKEN.exec(this.#json) ?? []
    this.#at = TOKEN.lastIndex
    return token
  }
}

const TOKEN = /[\t\n\r ]*("(?:[^"\\]|\\.)*"|[[\]{}:,]|[^[\]{}:,"\t\n\r ]+)/gy

/** Whole numbers stay as they are, however large; others are doubles. */
function numberText(token: string): string {
  if (/^-?\d+$/.test(token)) return token === '-0' ? '0' : token
  const value = Number(token)
  return Number.isFinite(value) ? doubleText(value) : `"${value}"`
}

/** As short as can be: what must be escaped is, and a surrogate without its other half. */
function stringText(value: string): string {
  return JSON.stringify(value).replace(/\\u[0-9a-f]{4}/g, (escape) =>
    escape.toUpperCase().replace('U', 'u'),
  )
}
