/**
 * Wildcard matching over UTF-8 (authz E5, X8): substituted values are literal text. Linear in
 * practice and quadratic at worst, as only the last `*` is ever tried again.
 */
import type { Token } from '../compile/template.ts'

/** Values of variables by the index in their token; null: the variable has no value. */
export interface VariableValues {
  variable(index: number): Uint8Array | null
}

/** For templates without variables. */
export const noVariables: VariableValues = { variable: () => null }

/**
 * Whether `bytes[start, end)` matches.
 *
 * @returns false also when a variable of the template is undefined (authz E11): a match has seen
 *   every token
 */
export function matchTemplate(
  tokens: readonly Token[],
  values: VariableValues,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  let at = start
  let index = 0
  let retryIndex = -1
  let retryAt = 0
  for (;;) {
    const token = tokens[index]
    let next = -1
    if (token === undefined) {
      if (at === end) return true
    } else if (token.type === 'any') {
      index += 1
      if (index === tokens.length) return true
      retryIndex = index
      retryAt = at
      continue
    } else if (token.type === 'one') {
      if (at < end) next = nextCharacter(bytes, at, end)
    } else if (token.type === 'text') {
      if (matchesAt(token.bytes, bytes, at, end)) next = at + token.bytes.length
    } else if (token.type === 'variable') {
      const value = values.variable(token.index)
      if (value === null) return false
      if (matchesAt(value, bytes, at, end)) next = at + value.length
    } else {
      return false
    }
    if (next >= 0) {
      at = next
      index += 1
    } else {
      if (retryIndex < 0 || retryAt >= end) return false
      retryAt = nextCharacter(bytes, retryAt, end)
      at = retryAt
      index = retryIndex
    }
  }
}

/** Whether `text` stands in `bytes` at `at`, ending no later than `end`. */
export function matchesAt(text: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  const length = text.length
  if (at + length > end) return false
  for (let index = 0; index < length; index += 1) {
    if (text[index] !== bytes[at + index]) return false
  }
  return true
}

/** Offset after the UTF-8 character at `at`. */
function nextCharacter(bytes: Uint8Array, at: number, end: number): number {
  let next = at + 1
  while (next < end && ((bytes[next] ?? 0) & 0xc0) === 0x80) next += 1
  return next
}
