import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TurnMeter } from '../holds/turns.ts'

it('the longest turn is told, by the clock, without waiting for a core, and by CPU', async () => {
  const meter = new TurnMeter()
  meter.begin()
  await nextTurn()
  const untilMs = performance.now() + 30
  while (performance.now() < untilMs);
  await nextTurn()
  await nextTurn()
  const { wallMs, heldMs, ownMs } = meter.end()
  expect(wallMs).toBeGreaterThanOrEqual(30)
  expect(ownMs).toBeGreaterThan(0)
  expect(ownMs).toBeLessThanOrEqual(wallMs + 1)
  expect(heldMs).toBeLessThanOrEqual(wallMs)
})
