import { expect, it } from 'vitest'
import { parseDuration } from '../src/index.ts'

it.each([
  ['90', 90],
  ['90s', 90],
  ['1.5m', 90],
  ['8h', 28_800],
  ['2d', 172_800],
])('`%s` is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

it.each(['', '0', '0h', '-3', '3w', 'h', '1h30m', '1e3'])('`%s` is none', (text) => {
  expect(() => parseDuration(text)).toThrow(/is not a time such as `90s`/)
})
