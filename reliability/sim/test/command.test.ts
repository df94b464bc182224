/** `pnpm sim` as it is called. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function sim(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
}

test('a run names itself first, tells faults by kind, and ends with the counts', () => {
  const { status, stdout } = sim('--seeds', '1', '--seed', '41', '--trace')
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^seed=41 commit=[0-9a-z+]+ seeds=1 steps=60$/)
  expect(lines).toContain('step 59')
  expect(stdout).toMatch(/^faults: .*\d+/m)
  expect(stdout).toMatch(/^transitions: .*QUEUED to IN_PROGRESS \d+/m)
  expect(stdout).toMatch(/^refusals: .*\d+/m)
  expect(lines.at(-1)).toMatch(/^seeds 1, violations 0, steps 60, faults \d+, requests \d+, /)
  expect(status).toBe(0)
})

test('a wrong argument is refused with what was expected', () => {
  const { status, stderr } = sim('--seeds', 'many')
  expect(stderr).toContain('--seeds must be an integer of 1 or more, not `many`')
  expect(stderr).toContain('usage: pnpm sim')
  expect(status).toBe(1)
})
