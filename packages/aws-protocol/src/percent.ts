/**
 * Undoes percent-encoding once.
 *
 * @returns undefined for a stray `%` or bytes that are not UTF-8
 */
export function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/**
 * Query parameters in order of appearance, decoded once; `+` stays as it is.
 *
 * @returns undefined when a name or value is not valid percent-encoding
 */
export function parseQuery(query: string): ReadonlyMap<string, readonly string[]> | undefined {
  const parameters = new Map<string, string[]>()
  if (query === '') return parameters
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = percentDecode(equals < 0 ? pair : pair.slice(0, equals))
    const value = percentDecode(equals < 0 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    const values = parameters.get(name)
    if (values === undefined) parameters.set(name, [value])
    else values.push(value)
  }
  return parameters
}
