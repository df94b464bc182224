import { expect, it } from 'vitest'
import type { Measure } from '../measure.ts'
import { ratioChart } from '../ratio-chart.ts'

const measure = (name: string, ratio: number): Measure => {
  return { name, ratio, unit: 'us', ours: 1, peer: ratio, spread: 0, runs: 1 }
}

it('a chart has a bar for each ratio, to the left where the peer is better', () => {
  const svg = ratioChart([measure('a < b', 10), measure('worse', 0.1), measure('none', Number.NaN)])
  expect(svg.match(/<rect x=/g)).toHaveLength(2)
  expect(svg).toContain('a &lt; b')
  expect(svg).toContain('<rect x="490" y="10" width="90" height="12" fill="#2f7ed8"/>')
  expect(svg).toContain('<rect x="400" y="28" width="90" height="12" fill="#c0504d"/>')
})
