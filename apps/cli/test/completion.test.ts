/** What Tab offers. */
import { expect, it } from 'vitest'
import { candidates } from '../src/completion/candidates.ts'
import { musterProgram } from '../src/program.ts'
import { muster } from './muster-process.ts'

const offered = (...words: readonly string[]): readonly string[] =>
  candidates(musterProgram(), words)

it.each<readonly [words: readonly string[], offered: readonly string[]]>([
  [['s'], ['start', 'simulate']],
  [
    ['policy', ''],
    ['decide', 'explain', 'audit', 'prove', 'diff', 'suggest', 'help'],
  ],
  [['policy', 'audit', '--k'], ['--kind']],
  [
    ['policy', 'audit', '--fail-on', ''],
    ['note', 'warning', 'error', 'never'],
  ],
  [['up', '--log-format', 'p'], ['pretty']],
  [['up', '--data', ''], []],
  [['up', '--data', 'policy', '--log-l'], ['--log-level']],
  [['exec', '--clock', 'virtual', '--', 'u'], []],
  [['completion', 'b'], ['bash']],
  [['__'], []],
])('after %j: %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected)
})

it('the shells ask by a hidden command, and each has a script', async () => {
  expect((await muster(['__complete', '--', 'up', '--https'])).stdout).toBe('--https-port\n')
  expect((await muster(['__complete', '--', 'exec', '--', 'x', '--'])).stdout).toBe('')
  for (const shell of ['bash', 'zsh', 'fish']) {
    expect((await muster(['completion', shell])).stdout).toContain('muster __complete -- ')
  }
  expect((await muster(['completion', 'tcsh'])).stderr).toContain('bash, zsh, fish')
})
