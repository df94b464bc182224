/** Ratios of measures as a picture: a bar each on a logarithmic scale, from a line at 1. */
import type { Measure } from './measure.ts'

const rowHeight = 18
const left = 400
const decade = 90
const width = left + decade * 4

/** @returns SVG text */
export function ratioChart(measures: readonly Measure[]): string {
  const rows = measures.filter(({ ratio }) => ratio > 0 && Number.isFinite(ratio))
  const zero = left + decade
  const bars = rows.map(({ name, ratio }, at) => {
    const y = at * rowHeight + 10
    const end = zero + Math.max(-1, Math.min(3, Math.log10(ratio))) * decade
    const from = Math.min(zero, end)
    const colour = ratio < 1 ? '#c0504d' : '#2f7ed8'
    return (
      `<text x="${left - 8}" y="${y + 11}" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="${from}" y="${y}" width="${Math.abs(end - zero)}" height="12" fill="${colour}"/>` +
      `<text x="${Math.max(zero, end) + 4}" y="${y + 11}">${Number(ratio.toPrecision(2))}</text>`
    )
  })
  const height = rows.length * rowHeight + 20
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...bars,
    `<line x1="${zero}" y1="0" x2="${zero}" y2="${height}" stroke="#333"/>`,
    '</svg>',
    '',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
