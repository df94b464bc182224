/** Files of scenarios and cases: what they lack is named. */
import { expect, it } from 'vitest'
import { parseCases } from '../src/cases/case-format.ts'
import { parseScenarios } from '../src/scenario-format.ts'

it.for([
  ['null', 'no `scenarios` array'],
  ['{"scenarios": {}}', 'no `scenarios` array'],
  ['{"scenarios": [{"id": "a"}, null]}', '`scenarios`: entry 1 has no `id`'],
  ['{"scenarios": [{"id": 5}]}', '`scenarios`: entry 0 has no `id`'],
] as const)('%s is refused: %s', ([text, message]) => {
  expect(() => parseScenarios(text)).toThrow(message)
  const cases = (words: string): string => words.replaceAll('scenarios', 'cases')
  expect(() => parseCases(cases(text))).toThrow(cases(message))
})
