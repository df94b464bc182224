/** The lease: at no moment two leaders tell what they know. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { graceMs, LeaderLease } from '../../src/postgres/leader-lease.ts'

it('holds from when the question was sent, not from when it was answered', () => {
  const lease = new LeaderLease(2000, 1000)
  expect([lease.holds(2999), lease.holds(3000)]).toEqual([true, false])
  lease.heard(2500)
  lease.heard(2000)
  expect([lease.holds(4499), lease.holds(4500)]).toEqual([true, false])
})

it('a successor waits out the lease from its lock on, but not for one that left in good order', () => {
  expect(graceMs(2000, false, 1000, 1500)).toBe(1500)
  expect(graceMs(2000, false, 1000, 9000)).toBe(0)
  expect(graceMs(2000, true, 1000, 1000)).toBe(0)
})

it('whenever the lock changed hands, the old lease is over before the new leader tells', () => {
  const time = fc.integer({ min: 0, max: 10_000 })
  fc.assert(
    fc.property(time, time, fc.integer({ min: 1, max: 5000 }), (sentMs, moreMs, lengthMs) => {
      // The database answers the old leader only while that has the lock.
      const lockedMs = sentMs + moreMs
      const old = new LeaderLease(lengthMs, sentMs)
      const tellsMs = lockedMs + graceMs(lengthMs, false, lockedMs, lockedMs)
      expect(old.holds(tellsMs)).toBe(false)
    }),
  )
})
