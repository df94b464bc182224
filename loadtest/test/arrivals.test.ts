/** When requests are made, and what becomes of those that cannot be. */
import fc from 'fast-check'
import { machineMs } from '@muster/fleet'
import { expect, it } from 'vitest'
import { Arrivals, dueBy, secondOf, type Offer } from '../src/arrivals.ts'
import { Tally } from '../src/tally.ts'

const offers = fc.record({
  perSecond: fc.double({ min: 0.5, max: 5000, noNaN: true }),
  toPerSecond: fc.double({ min: 0.5, max: 5000, noNaN: true }),
  seconds: fc.double({ min: 0.2, max: 100, noNaN: true }),
  atOnce: fc.integer({ min: 1, max: 50 }),
})

it('as many arrive as rate and time make, each when it is due and none before', () => {
  fc.assert(
    fc.property(offers, fc.double({ min: 0, max: 1, noNaN: true }), (shape, share) => {
      const offer: Offer = { ...shape, beginsAtMs: 0 }
      const { atOnce, perSecond, seconds, toPerSecond } = shape
      const all = dueBy(offer, seconds)
      const planned = ((perSecond + toPerSecond) / 2) * seconds
      expect(all % atOnce).toBe(0)
      expect(all).toBeGreaterThanOrEqual(Math.max(atOnce, planned - atOnce - 1))
      expect(all).toBeLessThanOrEqual(Math.max(atOnce, planned + 1))
      const elapsed = share * seconds
      const due = dueBy(offer, elapsed)
      expect(due).toBeLessThanOrEqual(all)
      if (due > 0) expect(secondOf(offer, due - 1)).toBeLessThanOrEqual(elapsed + 1e-6)
      if (due < all) expect(secondOf(offer, due)).toBeGreaterThanOrEqual(elapsed - 1e-6)
    }),
  )
})

it('nothing arrives at a rate of zero', () => {
  const offer = { perSecond: 0, toPerSecond: 0, seconds: 5, beginsAtMs: 0 }
  expect([0, 1, 5, 9].map((second) => dueBy(offer, second))).toEqual([0, 0, 0, 0])
})

/** Runs an offer to its end. */
async function offered(
  offer: Omit<Offer, 'beginsAtMs'>,
  arrive: (intendedMs: number, tally: Tally) => boolean,
  beginsAtMs = machineMs(),
): Promise<Tally> {
  const tally = new Tally()
  const arriving = { tally, arrive: (intendedMs: number) => arrive(intendedMs, tally) }
  await new Arrivals({ ...offer, beginsAtMs }, arriving).run()
  return tally
}

it('open loop: answers that never come keep nothing from being asked', async () => {
  const intended: number[] = []
  const { sums } = await offered({ perSecond: 1000, seconds: 0.3 }, (intendedMs, { sums }) => {
    sums.sent++
    return intended.push(intendedMs) > 0
  })
  expect(sums).toMatchObject({ offered: 300, sent: 300, notOffered: 0 })
  // Each was to be made at its own time, whenever it was made.
  const gaps = intended.slice(1).map((at, place) => at - (intended[place] ?? 0))
  expect(Math.max(...gaps.map((gap) => Math.abs(gap - 1)))).toBeLessThan(0.01)
})

it('what finds no device waits for one, and its latency with it', async () => {
  let turn = 0
  const waits: number[] = []
  const { sums } = await offered({ perSecond: 500, seconds: 0.2 }, (intendedMs) => {
    if (turn++ % 4 === 0) return false
    return waits.push(machineMs() - intendedMs) > 0
  })
  expect(sums).toMatchObject({ offered: 100, notOffered: 0 })
  expect(Math.max(...waits)).toBeGreaterThan(0)
})

it('what no device could send in time was not offered', async () => {
  let left = 30
  const { sums } = await offered({ perSecond: 500, seconds: 0.2 }, () => left-- > 0)
  expect(sums).toMatchObject({ offered: 100, notOffered: 70 })
})

it('what is due while the generator is late for seconds was not offered, and is not caught up', async () => {
  const beginsAtMs = machineMs() - 10_000
  const { sums } = await offered({ perSecond: 100, seconds: 10 }, () => true, beginsAtMs)
  expect(sums.offered).toBe(1000)
  expect(sums.notOffered).toBeGreaterThan(700)
  expect(sums.notOffered).toBeLessThan(1000)
})

it('closed loop: as many are under way as are to be, and the next comes with an answer', async () => {
  let most = 0
  const tally = await offered({ perSecond: 1, seconds: 0.2, underWay: 5 }, (intendedMs, all) => {
    all.sums.sent++
    most = Math.max(most, all.underWay)
    setImmediate(() => all.answered('x', 'allowed', 'allowed', machineMs() - intendedMs))
    return true
  })
  expect(most).toBe(5)
  expect(tally.sums.offered).toBeGreaterThan(5)
  expect(tally.sums.offered).toBe(tally.sums.sent)
})

it('no message is sent after the bound', async () => {
  const offer = { perSecond: 1000, seconds: 1, messagesMax: 20 }
  const { sums } = await offered(offer, (_intendedMs, { sums }) => (sums.messages += 1) > 0)
  expect(sums.messages).toBeGreaterThanOrEqual(20)
  expect(sums.messages).toBeLessThan(60)
})
