import { expect, it } from 'vitest'
import { LatencyHistogram, SteadyRecord, type Steadiness } from '../src/index.ts'
import { steadyFacts, steadyFailures } from '../src/report/index.ts'

const MIB = 2 ** 20

/** A run whose server uses so much at each second. */
function ran(
  seconds: number,
  use: (second: number) => { mib?: number; file?: number; handles?: number; ms?: number },
): Steadiness {
  const record = new SteadyRecord(seconds)
  for (let second = 0; second <= seconds; second++) {
    const { file = 4, handles = 50, mib = 200, ms = 3 } = use(second)
    record.use(second, { rssBytes: mib * MIB, fileBytes: file * MIB, openHandles: handles })
    const recent = new LatencyHistogram()
    for (let answer = 0; answer < 20; answer++) recent.record(ms)
    record.latencies(second, recent)
  }
  return record.judge()
}

/** Memory between two collections, with an uneven height that comes again every three minutes. */
const sawtooth = (second: number): number => (second % 60) / 2 + (((second / 60) | 0) % 3) * 8

it('a server that collects its garbage is steady over an hour, whatever it used to start', () => {
  const steadiness = ran(3600, (second) => ({ mib: Math.min(second, 200) + sawtooth(second) }))
  expect(steadiness).toMatchObject({
    verdict: 'steady',
    memory: { verdict: 'steady', perHourMax: 32 * MIB },
    file: { verdict: 'steady', perHour: 0 },
    handles: { verdict: 'steady' },
    latencyP50: { verdict: 'steady' },
    latencyP99: { verdict: 'steady' },
  })
  expect(steadyFailures(steadiness)).toEqual([])
})

it.each([
  ['memory', (second: number) => ({ mib: 200 + second / 60 + sawtooth(second) })],
  ['file', (second: number) => ({ file: 4 + second / 120 })],
  ['handles', (second: number) => ({ handles: 50 + Math.floor(second / 60) })],
  ['latencyP50', (second: number) => ({ ms: 3 + second / 300 })],
] as const)('what leaks slowly under the sawtooth is found in an hour: %s', (measure, use) => {
  const steadiness = ran(3600, use)
  expect(steadiness.verdict).toBe('grows')
  expect(steadiness[measure]?.verdict).toBe('grows')
  expect(steadyFailures(steadiness)[0]).toMatch(/grows: \+[\d.]+ .* an hour \(give or take/)
})

it('a minute says neither that memory is steady nor that it grows', () => {
  const steadiness = ran(60, (second) => ({ mib: 200 + sawtooth(second * 7) }))
  expect(steadiness.memory?.verdict).toBe('unclear')
  expect(steadiness.verdict).toBe('unclear')
})

it('what grew steeply but by little in all has not shown that it grows', () => {
  const { memory } = ran(60, (second) => ({ mib: 200 + second / 10 }))
  expect(memory?.perHour).toBeGreaterThan(300 * MIB)
  expect(memory?.verdict).toBe('unclear')
})

it('a service that tells nothing of itself is judged by its latency alone', () => {
  const record = new SteadyRecord(60)
  const recent = new LatencyHistogram()
  recent.record(5)
  for (let second = 0; second < 60; second++) {
    record.use(second, { rssBytes: MIB, fileBytes: undefined, openHandles: undefined })
    record.latencies(second, recent)
  }
  const steadiness = record.judge()
  expect(steadiness).toMatchObject({ file: null, handles: null, latencyP99: { verdict: 'steady' } })
  expect(Object.fromEntries(steadyFacts(steadiness))['its file']).toBe(
    'not told often enough to say',
  )
  expect(new SteadyRecord(60).judge()).toMatchObject({ verdict: 'unclear', memory: null })
})

it('a record of days keeps no more than it needs', () => {
  const { memory } = ran(9000, (second) => ({ mib: 200 + second / 60 }))
  expect(memory?.perHour).toBeCloseTo(60 * MIB, -4)
})

it('the part of a histogram since an earlier look is what came between', () => {
  const all = new LatencyHistogram()
  all.record(1)
  const then = all.since(new LatencyHistogram())
  all.record(900)
  expect(all.since(then).count).toBe(1)
  expect(all.since(then).percentile(0.5)).toBeCloseTo(900, -1)
})
