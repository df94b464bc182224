/** Wall time that jumps: after a laptop's sleep, and when the clock is corrected. */
import { expect, it, vi } from 'vitest'
import { SystemClock, type TimeSources } from '../src/index.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2026, 0, 1)

/** A machine whose clocks are set by hand. */
class Machine implements TimeSources {
  wall = START_MS
  monotonic = 0
  wallMs(): number {
    return this.wall
  }
  monotonicMs(): number {
    return this.monotonic
  }
  pass(ms: number): void {
    this.wall += ms
    this.monotonic += ms
  }
}

it('an alarm fires soon after the clock has jumped over its time', async () => {
  const machine = new Machine()
  const clock = new SystemClock(1, undefined, { sources: machine, lookMs: 5 })
  let firedAtMs: number | undefined
  clock.setAlarm(START_MS + 60_000, () => (firedAtMs = clock.nowMs()))
  const untouched = { fired: false }
  clock.setAlarm(START_MS + 2 * HOUR_MS, () => (untouched.fired = true))
  machine.wall += HOUR_MS
  await vi.waitUntil(() => firedAtMs !== undefined)
  expect(firedAtMs).toBe(START_MS + HOUR_MS)
  expect(untouched.fired).toBe(false)
})

it('an alarm that is called off does not fire, however often it has looked', async () => {
  const machine = new Machine()
  const clock = new SystemClock(1, undefined, { sources: machine, lookMs: 1 })
  const cancel = clock.setAlarm(START_MS + 1000, () => expect.unreachable())
  await new Promise<void>((resolve) => clock.setAlarm(START_MS, resolve))
  cancel()
  machine.pass(2000)
  await new Promise<void>((resolve) => clock.setAlarm(START_MS, resolve))
})

it('time that is put back goes on at half its pace until wall time is there again', () => {
  const machine = new Machine()
  const clock = new SystemClock(1, undefined, { sources: machine })
  machine.pass(1000)
  expect(clock.nowMs()).toBe(START_MS + 1000)
  machine.wall -= 10_000
  const seen: number[] = []
  for (let step = 0; step < 30; step += 1) {
    machine.pass(1000)
    seen.push(clock.nowMs() - START_MS)
  }
  expect(seen).toEqual(seen.toSorted((one, other) => one - other))
  expect(seen[0]).toBe(1500)
  expect(seen[9]).toBe(6000)
  expect(clock.nowMs()).toBe(machine.wall)
})

it('wall time starts no earlier than an earlier run ended, unless it was set anew', () => {
  const machine = new Machine()
  const corrected = new SystemClock(1, START_MS + 60_000, { sources: machine })
  expect(corrected.nowMs()).toBe(START_MS + 60_000)
  machine.pass(1000)
  expect(corrected.nowMs()).toBe(START_MS + 60_500)
  const set = new SystemClock(1, START_MS + 25 * HOUR_MS, { sources: machine })
  expect(set.nowMs()).toBe(machine.wall)
})

it('an accelerated clock does not see the machine’s clock jump', () => {
  const machine = new Machine()
  const clock = new SystemClock(30, START_MS, { sources: machine })
  machine.pass(1000)
  machine.wall -= HOUR_MS
  expect(clock.nowMs()).toBe(START_MS + 30_000)
  machine.wall += 2 * HOUR_MS
  expect(clock.nowMs()).toBe(START_MS + 30_000)
})
