/** Numbers of type double. */
import { expect, it } from 'vitest'
import { doubleText } from '../src/index.ts'

it.for<readonly [number, string]>([
  [0, '0.0'],
  [-0, '-0.0'],
  [2, '2.0'],
  [101, '101.0'],
  [33.33, '33.33'],
  [-0.001, '-0.001'],
  [0.0001, '1.0E-4'],
  [1e-7, '1.0E-7'],
  [9_999_999, '9999999.0'],
  [12_345_678.9, '1.23456789E7'],
  [1e21, '1.0E21'],
])('jobs J124: %d is printed %s', ([value, text]) => {
  expect(doubleText(value)).toBe(text)
})
