/**
 * The example of the README does what its comments say.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

import { bindEvaluator, compilePolicy, parsePolicy } from '../src/index.ts'

it('the example decides as it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const body = code
    .replace(/^import .*$/m, '')
    .replaceAll(' as const', '')
    .replace(/^(evaluator\.decideTopic.*?) \/\/.*$/m, 'const first = $1')
    .replace(/^(evaluator\.decide\(.*?) \/\/.*$/m, 'const second = $1')
    .replace(/^(evaluator\.explain.*)$/m, 'return [first, second, $1]')
  // oxlint-disable-next-line typescript/no-implied-eval -- the README's own code
  const example = new Function('bindEvaluator', 'compilePolicy', 'parsePolicy', body) as (
    ...parts: unknown[]
  ) => string[]
  const answers = example(bindEvaluator, compilePolicy, parsePolicy)
  expect(answers.slice(0, 2)).toEqual(
    [...code.matchAll(/\/\/ '(\w+)'$/gm)].map(([, expected]) => expected),
  )
  expect(answers[2]).toContain('is denied: no statement allows it')
})
