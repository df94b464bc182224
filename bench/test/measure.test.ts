import { expect, it } from 'vitest'
import { median, spread } from '../measure.ts'

it('the median is the middle value, or between the two middle ones', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([10, 1, 9, 2])).toBe(5.5)
})

it('the spread is the largest less the smallest, as a part of the median', () => {
  expect(spread([8, 10, 12])).toBe(0.4)
  expect(spread([7])).toBe(0)
})
