/**
 * Resource entries and condition values as tokens: literal text, wildcards (authz E5) and policy
 * variables (authz section 6).
 */

/** A piece of a template. */
export type Token =
  | { readonly type: 'text'; readonly text: string; readonly bytes: Uint8Array }
  /** `*`: any run of characters, empty and `/` included. */
  | { readonly type: 'any' }
  /** `?`: exactly one character. */
  | { readonly type: 'one' }
  | VariableToken
  /** A `${` that names nothing: the template matches nothing (authz X10). */
  | { readonly type: 'never' }

/** `${name}` or `${name, 'default'}`. */
export interface VariableToken {
  readonly type: 'variable'
  /** As written. */
  readonly name: string
  /** `name` in lower case: keys compare case-insensitively (authz B6, X19). */
  readonly key: string
  /** Used when the key is absent. */
  readonly fallback: string | undefined
  /** Place of its value among the variables of the policy. */
  readonly index: number
}

/** What a template may contain. */
export interface TemplateRules {
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean
  /** Version 2012-10-17 has variables; in older documents they are literal text (authz X25). */
  readonly variables: boolean
}

/** Gives each distinct variable of a policy its place. */
export class VariableTable {
  readonly tokens: VariableToken[] = []

  intern(name: string, fallback: string | undefined): VariableToken {
    const key = name.toLowerCase()
    const known = this.tokens.find((token) => token.key === key && token.fallback === fallback)
    if (known !== undefined) return known
    const token: VariableToken = {
      type: 'variable',
      name,
      key,
      fallback,
      index: this.tokens.length,
    }
    this.tokens.push(token)
    return token
  }
}

const encoder = new TextEncoder()

/** UTF-8. */
export function encode(text: string): Uint8Array {
  return encoder.encode(text)
}

/** A literal token. */
export function textToken(text: string): Token {
  return { type: 'text', text, bytes: encode(text) }
}

/** Inside of `${…}`: a name, or a name and a default in single quotes. */
const reference = /^\s*([^,'{}]+?)\s*(?:,\s*'([^']*)'\s*)?$/

/**
 * Cuts a template into tokens. `${*}`, `${?}` and `${$}` are those characters literally (authz
 * E13).
 */
export function parseTemplate(
  source: string,
  rules: TemplateRules,
  variables: VariableTable,
): readonly Token[] {
  const tokens: Token[] = []
  let text = ''
  const flush = (): void => {
    if (text !== '') tokens.push(textToken(text))
    text = ''
  }
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at)
    if (rules.variables && character === '$' && source[at + 1] === '{') {
      const end = source.indexOf('}', at)
      const inside = end < 0 ? '' : source.slice(at + 2, end)
      if (inside === '*' || inside === '?' || inside === '$') {
        text += inside
      } else {
        flush()
        const match = reference.exec(inside)
        if (match?.[1] === undefined) return [{ type: 'never' }]
        tokens.push(variables.intern(match[1], match[2]))
      }
      at = end
    } else if (rules.wildcards && character === '*') {
      flush()
      if (tokens.at(-1)?.type !== 'any') tokens.push({ type: 'any' })
    } else if (rules.wildcards && character === '?') {
      flush()
      tokens.push({ type: 'one' })
    } else {
      text += character
    }
  }
  flush()
  return tokens
}
