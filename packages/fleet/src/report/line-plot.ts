import { escapeHtml } from './html.ts'

/** A moment at which something began, told on a plot. */
export interface PlotMark {
  readonly seconds: number
  readonly name: string
}

/** A line of a plot; `points` are [seconds, value] in order of time. */
export interface Series {
  readonly name: string
  readonly colour: string
  readonly points: readonly (readonly [number, number])[]
}

/** What a time axis is marked in. */
export interface TimeAxis {
  readonly unit: string
  readonly seconds: number
}

const IN_SECONDS: TimeAxis = { unit: 's', seconds: 1 }

const WIDTH = 520
const HEIGHT = 240
const LEFT = 52
const RIGHT = 12
const TOP = 10
const BOTTOM = 44
/** A name that stands upright takes so much of the width. */
const NAME_HEIGHT = 12

/**
 * A figure with one line per series that has anything to show, as inline SVG.
 *
 * @param unit - of the values; time is in seconds
 * @param marks - in order of time; one that has no room for its name is a line alone
 * @param axis - what time is marked in
 */
export function linePlot(
  title: string,
  unit: string,
  series: readonly Series[],
  marks: readonly PlotMark[] = [],
  axis: TimeAxis = IN_SECONDS,
): string {
  const shown = series.filter(({ points }) => points.some(([, value]) => value > 0))
  const caption = `<figcaption>${title} <small>${unit}</small></figcaption>`
  if (shown.length === 0) return `<figure>${caption}<p>nothing to show</p></figure>`
  const all = shown.flatMap(({ points }) => points)
  const xMax = niceCeiling(Math.max(...all.map(([x]) => x)) / axis.seconds) * axis.seconds
  const yMax = niceCeiling(Math.max(...all.map(([, y]) => y)))
  const x = (seconds: number): number => LEFT + (seconds / xMax) * (WIDTH - LEFT - RIGHT)
  const y = (value: number): number => HEIGHT - BOTTOM - (value / yMax) * (HEIGHT - TOP - BOTTOM)
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fix(y(part * yMax))}" y2="${fix(y(part * yMax))}" stroke="#d0d7de" stroke-width=".5"/>`,
    `<text x="${LEFT - 6}" y="${fix(y(part * yMax) + 4)}" text-anchor="end">${label(part * yMax)}</text>`,
    `<text x="${fix(x(part * xMax))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${label((part * xMax) / axis.seconds)} ${axis.unit}</text>`,
  ])
  const lines = shown.map(({ colour, points }) => {
    const path = points.map(([at, value]) => `${fix(x(at))},${fix(y(value))}`).join(' ')
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.6"/>`
  })
  const began = markLines(
    marks.filter(({ seconds }) => seconds <= xMax),
    x,
  )
  let cursor = LEFT
  const legend = shown.map(({ name, colour }) => {
    const entry = `<rect x="${cursor}" y="${HEIGHT - 15}" width="10" height="10" fill="${colour}"/><text x="${cursor + 14}" y="${HEIGHT - 6}">${name}</text>`
    cursor += 30 + name.length * 6
    return entry
  })
  return `<figure>${caption}<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}, ${unit}" font-size="11" font-family="system-ui,sans-serif" fill="#57606a">${[...grid, ...began, ...lines, ...legend].join('')}</svg></figure>`
}

/** A dashed line for each mark, with its name along it where the one before leaves room. */
function markLines(marks: readonly PlotMark[], x: (seconds: number) => number): string[] {
  let free = -Infinity
  return marks.map(({ name, seconds }) => {
    const at = fix(x(seconds))
    const line = `<line x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#8b949e" stroke-width=".8" stroke-dasharray="3 3"><title>${escapeHtml(name)}</title></line>`
    if (at < free) return line
    free = at + NAME_HEIGHT
    const where = `x="${at + 3}" y="${TOP + 2}" transform="rotate(90 ${at + 3} ${TOP + 2})"`
    return `${line}<text ${where} font-size="9">${escapeHtml(name)}</text>`
  })
}

/** The next round number: a few steps to each power of ten. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  for (const step of [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]) {
    if (value <= step * power) return step * power
  }
  return 10 * power
}

function label(value: number): string {
  if (value >= 10_000) return `${fix(value / 1000)}k`
  return value >= 10 || value === 0 ? String(Math.round(value)) : String(fix(value))
}

function fix(value: number): number {
  return Math.round(value * 100) / 100
}
