/** Bars with names, as inline SVG: what is compared is read from top to bottom. */
import { niceCeiling } from '@muster/fleet/report'

/** A bar from nothing to `value`, with a line on to `most`. */
export interface Bar {
  readonly name: string
  readonly value: number
  readonly most: number
  /** The one that the others are compared with. */
  readonly isGiven: boolean
}

const WIDTH = 520
const NAMES = 150
const ROW = 18

/**
 * @param unit - of the values
 * @param told - a value in words
 */
export function barPlot(
  title: string,
  unit: string,
  bars: readonly Bar[],
  told: (value: number) => string = (value) => value.toLocaleString('en-US'),
): string {
  const height = bars.length * ROW + 22
  const xMax = niceCeiling(Math.max(1, ...bars.map(({ most }) => most)))
  const x = (value: number): number =>
    Math.round((NAMES + (value / xMax) * (WIDTH - NAMES - 12)) * 10) / 10
  const grid = [0, 0.5, 1].flatMap((part) => [
    `<line x1="${x(part * xMax)}" x2="${x(part * xMax)}" y1="0" y2="${height - 20}" stroke="#d0d7de" stroke-width=".5"/>`,
    `<text x="${x(part * xMax)}" y="${height - 6}" text-anchor="${part === 1 ? 'end' : 'middle'}">${told(part * xMax)}</text>`,
  ])
  const drawn = bars.flatMap(({ isGiven, most, name, value }, place) => {
    const y = place * ROW
    const middle = y + ROW / 2
    return [
      `<text x="${NAMES - 6}" y="${middle + 4}" text-anchor="end">${name}</text>`,
      `<rect x="${NAMES}" y="${y + 3}" width="${Math.max(0.5, x(value) - NAMES)}" height="${ROW - 6}" fill="${isGiven ? '#0969da' : '#8b949e'}"/>`,
      `<line x1="${x(value)}" x2="${x(most)}" y1="${middle}" y2="${middle}" stroke="#57606a"/>`,
    ]
  })
  return `<figure><figcaption>${title} <small>${unit}</small></figcaption><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}, ${unit}" font-size="11" font-family="system-ui,sans-serif" fill="#57606a">${[...grid, ...drawn].join('')}</svg></figure>`
}
