import { expect, it } from 'vitest'
import { parseClock, VirtualClock } from '../src/index.ts'

it('alarms fire in order of time, each seeing its own due time', async () => {
  const clock = new VirtualClock(1_000)
  const seen: [string, number][] = []
  clock.setAlarm(3_000, () => seen.push(['late', clock.nowMs()]))
  clock.setAlarm(2_000, () => {
    seen.push(['early', clock.nowMs()])
    clock.setAlarm(2_500, () => seen.push(['set by early', clock.nowMs()]))
  })
  clock.setAlarm(9_000, () => seen.push(['not due', clock.nowMs()]))
  await clock.advance(5_000)
  expect(seen).toEqual([
    ['early', 2_000],
    ['set by early', 2_500],
    ['late', 3_000],
  ])
  expect(clock.nowMs()).toBe(6_000)
})

it('a cancelled alarm does not fire', async () => {
  const clock = new VirtualClock(0)
  const cancel = clock.setAlarm(1, () => expect.unreachable())
  cancel()
  await clock.advance(10)
})

it('work that an alarm started is settled before the next alarm fires', async () => {
  const clock = new VirtualClock(0)
  const order: string[] = []
  clock.setAlarm(1, () => order.push('first'))
  clock.setAlarm(2, () => order.push('second'))
  await clock.advance(3, async () => {
    await Promise.resolve()
    order.push('settled')
  })
  expect(order).toEqual(['settled', 'first', 'settled', 'second', 'settled', 'settled'])
})

it.each(['x0', 'x10001', 'fast', '', 'x1.5'])('--clock %s is refused', (text) => {
  expect(() => parseClock(text, 0)).toThrow('is not `system`, `virtual` or `xN`')
})

it('--clock x30 runs thirty times faster than wall time', () => {
  expect(parseClock('x30', 0)).toMatchObject({ mode: 'accelerated', rate: 30 })
})
