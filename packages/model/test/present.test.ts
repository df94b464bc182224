/** Objects without undefined members. */
import { expect, it } from 'vitest'
import { present } from '../src/index.ts'

it('What is not set is absent, whatever else is falsy stays', () => {
  const shown = present({ a: undefined, b: 0, c: '', d: false, e: null, f: {} })
  expect(Object.keys(shown)).toEqual(['b', 'c', 'd', 'e', 'f'])
  expect({ a: 1, ...present({ a: undefined }) }).toEqual({ a: 1 })
})
