import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runTests } from '../src/tests-process.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const path = at('packages/shadow/src/json-node.ts')
const before = readFileSync(path, 'utf8')

/** Puts a text at the top of a module of the shadows. */
function planted(text: string): Parameters<typeof runTests>[0] {
  const mutant = { kind: 'statement', start: 0, end: 0, text } as const
  const config = at('vitest.config.ts')
  return { folder: at('packages/shadow'), config, planted: { path, mutant }, fileMs: {} }
}

it('what changes nothing lets all tests pass', async () => {
  const run = await runTests(planted(';'), { msMax: 90_000, seed: 1 })
  expect(run).toHaveProperty('isPlanted', true)
  expect(run).not.toHaveProperty('failed')
  expect(run).toHaveProperty(
    'tests',
    expect.toSatisfy((tests) => tests > 50),
  )
})

it('a module that throws is found, and the file on the disk stays as it is', async () => {
  const run = await runTests(planted('throw 1;'), { msMax: 90_000, seed: 1 })
  expect(run).toHaveProperty('failed', expect.stringContaining('does not load'))
  expect(readFileSync(path, 'utf8')).toBe(before)
})

it('what never ends is out of time', async () => {
  expect(await runTests(planted('while (true);'), { msMax: 3000, seed: 1 })).toBe('out of time')
})

it('the command tells each mutant, what noticed it, and the counts at the end', () => {
  const args = [at('reliability/mutation/src/main.ts'), '--package', 'shadow', '--seed', '3']
  const run = spawnSync(process.execPath, [...args, '--count', '6', '--only', '3'], {
    encoding: 'utf8',
  })
  expect(run.stdout).toMatch(
    /^3\/6 found packages\/shadow\/src\/[a-z-]+\.ts:\d+ [a-z]+: (.+ > )?neighbours N\d+/,
  )
  expect(run.stdout.trimEnd()).toMatch(/\nmutants 1, found 1, survived 0$/)
  expect(run.status).toBe(0)
})
