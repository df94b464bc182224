const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/**
 * How long a text says: `90s`, `30m`, `8h`, `2d`, or seconds without a unit.
 *
 * @returns seconds
 * @throws RangeError for any other text, and for no time at all
 */
export function parseDuration(text: string): number {
  const [, amount = '', unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? []
  const seconds = Number(amount) * (SECONDS[unit] ?? Number.NaN)
  if (seconds > 0) return seconds
  throw new RangeError(`\`${text}\` is not a time such as \`90s\`, \`30m\`, \`8h\` or \`2d\``)
}
