import { expect, it } from 'vitest'
import { growthPerHour } from '../src/index.ts'

const samples = (amountAt: (second: number) => number, count = 100): [number, number][] =>
  Array.from({ length: count }, (_, second) => [second, amountAt(second)])

it('growth is told by the hour, without what warming up took', () => {
  expect(growthPerHour(samples((second) => 1000 + 2 * second))).toBe(7200)
  expect(growthPerHour(samples((second) => (second < 15 ? second * 1e6 : 5e7)))).toBe(0)
})

it('what goes up and down by chance does not grow', () => {
  expect(Math.abs(growthPerHour(samples((second) => second % 2)) ?? Infinity)).toBeLessThan(5)
})

it('too few samples say nothing', () => {
  expect(growthPerHour(samples(() => 1, 11))).toBeUndefined()
  expect(growthPerHour([])).toBeUndefined()
})
