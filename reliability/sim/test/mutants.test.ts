/** Planted mutants: their places in the sources, and that one is found. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { MUTANTS } from '../src/mutants/mutants.ts'

const ROOT = new URL('../../../', import.meta.url)

test('the text that a mutant replaces stands once in its file', () => {
  const times = MUTANTS.map(({ name, file, find }) => {
    return [name, readFileSync(new URL(file, ROOT), 'utf8').split(find).length - 1]
  })
  expect(times).toEqual(MUTANTS.map(({ name }) => [name, 1]))
})

test('mutants have names of their own, more than thirty', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  expect(MUTANTS.length).toBeGreaterThan(30)
})

test('a lost commit is found by a few seeds, and the command says by which', () => {
  const main = fileURLToPath(new URL('../src/mutants/main.ts', import.meta.url))
  const args = [main, '--seeds', '3', '--steps', '20', '--only', 'a lost commit']
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stdout).toMatch(/^\| a lost commit \| \d \| \d+ \| nothing lost \|$/m)
  expect(stdout.trimEnd()).toMatch(/mutants 1, found 1$/)
  expect(status).toBe(0)
})

test.each([
  [['--seeds', 'many'], '--seeds must be an integer of 1 or more, not `many`'],
  [['--only', 'of another kind'], 'no mutant is named like that'],
  [['--form', 'a'], "Unknown option '--form'"],
])('`sim:mutants %s` finds nothing and says why', (flags, message) => {
  const main = fileURLToPath(new URL('../src/mutants/main.ts', import.meta.url))
  const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...flags], {
    encoding: 'utf8',
  })
  expect(stderr).toContain(message)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
})
