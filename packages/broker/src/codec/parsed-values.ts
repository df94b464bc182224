/**
 * Checks of values that mqtt-packet parsed leniently.
 */

/**
 * Whether text that mqtt-packet decoded was valid UTF-8 without U+0000. It puts U+FFFD in the
 * place of invalid bytes, so a text with U+FFFD must occur in the packet as it stands.
 */
export function isText(text: unknown, bytes: Buffer): text is string {
  if (typeof text !== 'string' || text.includes('\0')) return false
  return !text.includes('\uFFFD') || bytes.includes(text)
}

/**
 * User properties as mqtt-packet parsed them, as pairs.
 *
 * @returns undefined when one is no text: mqtt-packet answers null for a truncated one
 */
export function userPropertyPairs(properties: object = {}): [string, string][] | undefined {
  const pairs: [string, string][] = []
  for (const [name, values] of Object.entries(properties)) {
    for (const value of Array.isArray(values) ? (values as unknown[]) : [values as unknown]) {
      if (typeof value !== 'string') return undefined
      pairs.push([name, value])
    }
  }
  return pairs
}

/** Whether a number is one that MQTT can carry; mqtt-packet answers -1 for a truncated one. */
export function isUint(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
