import { expect, it } from 'vitest'
import { Mix } from '../src/scenarios/mix.ts'
import { intendedOf, loadJobId } from '../src/scenarios/load-job.ts'
import { stampedPayload, stampOf } from '../src/scenarios/stamped-payload.ts'
import { sumOf, Tally } from '../src/tally.ts'

it('an answer is counted by what was expected and by what it was', () => {
  const tally = new Tally()
  tally.sums.sent = 7
  tally.answered('publish', 'allowed', 'allowed', 1)
  tally.answered('publish', 'denied', 'denied', 2)
  tally.answered('publish', 'allowed', 'denied', 3)
  tally.answered('publish', 'denied', 'allowed', 4)
  tally.answered('publish', 'allowed', 'throttled', 5)
  tally.failed('publish', 'ECONNRESET')
  expect(tally.underWay).toBe(1)
  tally.timedOut('publish')
  expect(tally.sums).toMatchObject({
    answered: 5,
    allowed: 1,
    deniedExpected: 1,
    deniedUnexpected: 1,
    allowedUnexpected: 1,
    throttled: 1,
    errors: 1,
    timeouts: 1,
  })
  expect(tally.underWay).toBe(0)
  expect(tally.kinds).toEqual({
    'publish allowed': 2,
    'publish denied': 2,
    'publish throttled': 1,
    'publish: ECONNRESET': 1,
    'publish timed out': 1,
  })
})

it('tallies of several processes add up, percentiles too', () => {
  const [here, there] = [new Tally(), new Tally()]
  for (let ms = 1; ms <= 50; ms++) here.answered('a', 'allowed', 'allowed', ms)
  for (let ms = 51; ms <= 100; ms++) there.answered('b', 'allowed', 'allowed', ms)
  there.latency('delivery', 7)
  const all = sumOf([here.data, there.data])
  expect(all.sums.answered).toBe(100)
  expect(all.kinds).toEqual({ 'a allowed': 50, 'b allowed': 50 })
  expect(all.latencies.get('all')?.percentile(0.5)).toBeCloseTo(50, -1)
  expect(all.latencies.get('delivery')?.count).toBe(1)
})

it('kinds are bounded: a server cannot fill the memory with error texts', () => {
  const tally = new Tally()
  for (let number = 0; number < 1000; number++) tally.failed('publish', `error ${number}`)
  expect(Object.keys(tally.kinds).length).toBeLessThanOrEqual(61)
  expect(tally.kinds['others']).toBeGreaterThan(900)
})

it('a mix gives every kind its share, evenly', () => {
  const mix = new Mix([
    ['a', 0.5],
    ['b', 0.3],
    ['c', 0.2],
    ['never', 0],
  ])
  const drawn = Array.from({ length: 100 }, () => mix.next())
  const count = (kind: string, of = drawn): number => of.filter((one) => one === kind).length
  expect(['a', 'b', 'c', 'never'].map((kind) => count(kind))).toEqual([50, 30, 20, 0])
  expect(count('a', drawn.slice(0, 10))).toBe(5)
})

it('a job of a run tells when it was to be created, one of another run does not', () => {
  const jobId = loadJobId('run1', 7, 123_456.4)
  expect(jobId).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
  expect(intendedOf('run1', jobId)).toBe(123_456)
  expect(intendedOf('run2', jobId)).toBeUndefined()
  expect(intendedOf('run1', 'ota-wave')).toBeUndefined()
})

it('a payload tells when it was to be sent, whatever its length', () => {
  for (const bytes of [8, 64, 131_072]) {
    const payload = stampedPayload(12.5, bytes)
    expect([payload.length, stampOf(payload)]).toEqual([bytes, 12.5])
  }
  expect(stampOf(Buffer.from('short'))).toBeUndefined()
})
