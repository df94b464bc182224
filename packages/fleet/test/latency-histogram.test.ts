import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LatencyHistogram } from '../src/index.ts'

it('latency: percentiles are exact to a hundredth, and histograms add up', () => {
  const values = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(values, values, (here, there) => {
      const one = new LatencyHistogram()
      const other = new LatencyHistogram()
      for (const ms of here) one.record(ms)
      for (const ms of there) other.record(ms)
      one.add(new LatencyHistogram(other.encoded))
      const all = [...here, ...there].sort((a, b) => a - b)
      expect(one.count).toBe(all.length)
      for (const share of [0.5, 0.95, 1]) {
        const exact = all[Math.ceil(all.length * share) - 1] ?? 0
        const found = one.percentile(share) ?? 0
        expect(found).toBeGreaterThanOrEqual(exact * 0.99 - 0.01)
        expect(found).toBeLessThanOrEqual(exact * 1.01 + 0.01)
      }
    }),
  )
})
