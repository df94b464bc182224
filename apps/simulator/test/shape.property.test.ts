/** Shapes of rates: their sums and the moments at which those are reached. */
import { seededRandom } from '@muster/clock'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MessageTimes } from '../src/scenario/message-times.ts'
import { secondsAt, sumAt, timed, type Shape } from '../src/scenario/shape.ts'

const shapes: fc.Arbitrary<Shape | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({
    kind: fc.constant('linear' as const),
    overSeconds: fc.integer({ min: 1, max: 100 }),
    from: fc.integer({ min: 0, max: 3 }),
    to: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('steps' as const),
    overSeconds: fc.integer({ min: 1, max: 100 }),
    steps: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({
    kind: fc.constant('spike' as const),
    atSeconds: fc.integer({ min: 0, max: 50 }),
    forSeconds: fc.integer({ min: 1, max: 50 }),
    times: fc.integer({ min: 0, max: 20 }),
  }),
  fc.record({
    kind: fc.constant('sine' as const),
    overSeconds: fc.integer({ min: 1, max: 100 }),
    lowest: fc.constantFrom(0, 0.2, 1),
  }),
)

it('a sum begins at nothing and never falls', () => {
  fc.assert(
    fc.property(shapes, fc.nat(200), fc.nat(200), (shape, one, other) => {
      expect(sumAt(shape, 0)).toBe(0)
      const [early, late] = [Math.min(one, other), Math.max(one, other)]
      expect(sumAt(shape, late)).toBeGreaterThanOrEqual(sumAt(shape, early) - 1e-9)
    }),
  )
})

it('the moment at which a sum is reached gives that sum', () => {
  fc.assert(
    fc.property(shapes, fc.double({ min: 0.01, max: 500, noNaN: true }), (shape, sum) => {
      expect(sumAt(shape, secondsAt(shape, sum))).toBeCloseTo(sum, 3)
    }),
  )
})

// [shape, seconds, sum]: areas that can be counted on paper
it.each<[string, Shape, number, number]>([
  ['linear, half way', { kind: 'linear', overSeconds: 10 }, 5, 1.25],
  ['linear, whole', { kind: 'linear', overSeconds: 10 }, 10, 5],
  ['linear, it stays there', { kind: 'linear', overSeconds: 10 }, 12, 7],
  ['linear, falling', { kind: 'linear', overSeconds: 10, from: 2, to: 0 }, 50, 10],
  ['steps, in the first', { kind: 'steps', overSeconds: 10, steps: 2 }, 4, 2],
  ['steps, whole', { kind: 'steps', overSeconds: 10, steps: 2 }, 10, 7.5],
  ['steps, it stays there', { kind: 'steps', overSeconds: 10, steps: 2 }, 14, 11.5],
  ['spike', { kind: 'spike', atSeconds: 2, forSeconds: 3, times: 5 }, 10, 22],
  ['sine, a day', { kind: 'sine', overSeconds: 10 }, 10, 5],
  [
    'sine, two days that are never quite dark',
    { kind: 'sine', overSeconds: 10, lowest: 0.5 },
    20,
    15,
  ],
])('%s', (_what, shape, seconds, sum) => {
  expect(sumAt(shape, seconds)).toBeCloseTo(sum, 9)
})

it('a rate that falls to nothing ends', () => {
  const ending: Shape = { kind: 'linear', overSeconds: 10, from: 2, to: 0 }
  expect(secondsAt(ending, 10.1)).toBe(Infinity)
  const times = new MessageTimes({ perSecond: 1, shape: ending }, seededRandom(1))
  const all = Array.from({ length: 12 }, () => times.next())
  expect(all.filter((seconds) => seconds < 10).length).toBeGreaterThanOrEqual(9)
  expect(all.at(-1)).toBe(Infinity)
})

it('a shape that says no length has that of what it shapes', () => {
  expect(timed({ kind: 'sine' }, 30)).toEqual({ kind: 'sine', overSeconds: 30 })
  expect(timed({ kind: 'sine', overSeconds: 5 }, 30)).toEqual({ kind: 'sine', overSeconds: 5 })
})

const rates = fc.record({
  perSecond: fc.constantFrom(0.1, 1, 20),
  distribution: fc.constantFrom('constant' as const, 'poisson' as const, 'bursts' as const),
  burstMessages: fc.integer({ min: 1, max: 10 }),
})

it('messages come one after the other, the same with the same seed', () => {
  fc.assert(
    fc.property(rates, shapes, fc.integer(), (rate, shape, seed) => {
      const whole = shape === undefined ? rate : { ...rate, shape }
      const drawn = (): number[] => {
        const times = new MessageTimes(whole, seededRandom(seed))
        return Array.from({ length: 30 }, () => times.next())
      }
      const seconds = drawn()
      expect(drawn()).toEqual(seconds)
      expect(seconds).toEqual([...seconds].sort((a, b) => a - b))
    }),
  )
})

it('constant: as many as the rate says, to within one; bursts: so many at once', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const constant = new MessageTimes({ perSecond: 2 }, seededRandom(seed))
      const within = Array.from({ length: 50 }, () => constant.next()).filter((at) => at < 10)
      expect(Math.abs(within.length - 20)).toBeLessThanOrEqual(1)
      const bursts = new MessageTimes(
        { perSecond: 2, distribution: 'bursts', burstMessages: 4 },
        seededRandom(seed),
      )
      const moments = Array.from({ length: 12 }, () => bursts.next())
      expect(new Set(moments).size).toBe(3)
      expect((moments[8] ?? 0) - (moments[0] ?? 0)).toBeCloseTo(4, 3)
    }),
  )
})

it('poisson: the rate is met over many', () => {
  const times = new MessageTimes({ perSecond: 5, distribution: 'poisson' }, seededRandom(3))
  let last = 0
  for (let message = 0; message < 5000; message++) last = times.next()
  expect(last).toBeGreaterThan(900)
  expect(last).toBeLessThan(1100)
})
