/** Which licences may be shipped or linked, and whether a package's own words are one of them. */

/** SPDX identifiers; none of them asks anything of the program around it but to name its author. */
export const allowedLicences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
  'Zlib',
])

/**
 * Whether an SPDX expression is met by allowed licences: one side of each `OR`, both of each `AND`.
 * Anything that is no such expression, an exception (`WITH`) or no licence at all is not allowed.
 */
export function isAllowed(expression: string): boolean {
  const words = expression.match(/[()]|[^\s()]+/g) ?? []
  let at = 0
  const term = (): boolean => {
    const word = words[at++]
    if (word !== '(') return word !== undefined && allowedLicences.has(word)
    const inside = either()
    return words[at++] === ')' && inside
  }
  const both = (): boolean => {
    let allowed = term()
    while (words[at] === 'AND') {
      at++
      allowed = term() && allowed
    }
    return allowed
  }
  const either = (): boolean => {
    let allowed = both()
    while (words[at] === 'OR') {
      at++
      allowed = both() || allowed
    }
    return allowed
  }
  const allowed = either()
  return allowed && at === words.length
}
