/** Planted mutants: their places in the sources, their cases, and that one is found. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { QUALIFY_CASES } from '@muster/qualify'
import { expect, test } from 'vitest'
import { MUTANTS } from '../src/mutants.ts'

const ROOT = new URL('../../../', import.meta.url)
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

test('the text that an edit replaces stands once in its file', () => {
  const times = MUTANTS.flatMap(({ edits, name }) =>
    edits.map(({ file, find }) => [
      name,
      readFileSync(new URL(file, ROOT), 'utf8').split(find).length - 1,
    ]),
  )
  expect(times.filter(([, count]) => count !== 1)).toEqual([])
})

test('there are more than thirty mutants, each with a name and a case of its own', () => {
  const cases = new Set(QUALIFY_CASES.map(({ id }) => id))
  expect(MUTANTS.filter(({ caseId }) => !cases.has(caseId))).toEqual([])
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(new Set(MUTANTS.map(({ caseId }) => caseId)).size).toBe(MUTANTS.length)
  expect(MUTANTS.length).toBeGreaterThan(30)
})

test('docs/qualify.md lists every mutant with its case', () => {
  const page = readFileSync(new URL('docs/qualify.md', ROOT), 'utf8')
  const table = page.split('## Planted faults')[1]?.split('## Cases')[0] ?? ''
  const rows = table.split('\n').filter((line) => line.endsWith('` |'))
  expect(rows).toEqual(MUTANTS.map(({ caseId, name }) => `| ${name} | \`${caseId}\` |`))
})

test('an agent that runs what a late notification says fails the case of that', () => {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, '--only', 'notify-after-end'], {
    encoding: 'utf8',
  })
  expect(stdout).toContain('| `notify-after-end` | fail | it reported notify-after-end-a')
  expect(stdout.trimEnd()).toMatch(/mutants 1, found 1$/)
  expect(status).toBe(0)
}, 120_000)

test('a name that no mutant has is refused', () => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, '--only', 'of another kind'], {
    encoding: 'utf8',
  })
  expect(stderr).toContain('no mutant is named like that')
  expect(status).toBe(1)
})
