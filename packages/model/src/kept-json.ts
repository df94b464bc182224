/**
 * JSON that an earlier run kept. What was written as JSON and is none any more was damaged outside of
 * the program: whoever looks for it must be told where.
 */

/**
 * Reads a value back; nothing that is kept is `null`.
 *
 * @param value - text, or its bytes where a store gives those
 * @param what - names it in the message: `record thing T1`
 * @throws Error naming what is damaged
 */
// eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the reader says what it kept
export function keptJson<T extends NonNullable<unknown>>(
  value: string | Uint8Array,
  what: string,
): T {
  const text = typeof value === 'string' ? value : new TextDecoder().decode(value)
  try {
    const read = JSON.parse(text) as T | null
    if (read !== null) return read
  } catch {
    // Told below.
  }
  throw new Error(`${what} is damaged: it is not the JSON that was kept there`)
}
