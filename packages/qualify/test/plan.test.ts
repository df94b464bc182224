import { expect, test } from 'vitest'
import { DEFAULT_PLAN, fillDocument, readPlan } from '../src/index.ts'

test('what a plan does not say is as usual, but its documents are its own', () => {
  const plan = readPlan({ documents: { works: { operation: 'ok' } }, patienceSeconds: 5 })
  expect(plan).toEqual({
    ...DEFAULT_PLAN,
    documents: { works: { operation: 'ok' } },
    patienceSeconds: 5,
  })
})

test.each([
  ['text', 'expected a mapping'],
  [{ patience: 3 }, '`patience` is no member'],
  [{ documents: { slow: {} } }, '`documents.works` is missing'],
  [{ documents: { works: {}, quick: {} } }, 'expected one of works, slow, fails, unknown'],
  [{ documents: { works: 'ok' } }, 'expected a JSON object'],
  [{ quietSeconds: 0 }, '`quietSeconds`: expected seconds'],
  [{ restart: 'yes' }, '`restart`: expected true or false'],
])('the plan %j is refused: %s', (value, message) => {
  expect(() => readPlan(value)).toThrow(message)
})

test('placeholders are filled wherever they stand', () => {
  const file = { url: 'https://x/y', sha256: 'ab', bytes: 7 }
  expect(
    fillDocument({ steps: [{ at: 'GET {url}', size: '{bytes}', n: 1 }], sum: '{sha256}' }, file),
  ).toEqual({
    steps: [{ at: 'GET https://x/y', size: '7', n: 1 }],
    sum: 'ab',
  })
})
