import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TurnMeter } from '../holds/turns.ts'

it('the longest turn is told, by the clock and by what the thread used of it', async () => {
  const meter = new TurnMeter()
  meter.begin()
  await nextTurn()
  const untilMs = performance.now() + 30
  while (performance.now() < untilMs);
  await nextTurn()
  await nextTurn()
  const { wallMs, ownMs } = meter.end()
  expect(wallMs).toBeGreaterThanOrEqual(30)
  expect(ownMs).toBeGreaterThan(0)
  expect(ownMs).toBeLessThanOrEqual(wallMs + 1)
})
