/** The threat model names a test for each guard: it stands in that file. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const DOCS = join(import.meta.dirname, '..')
const page = readFileSync(join(DOCS, 'security.md'), 'utf8')
const [, guards = ''] = page.split('## What is guarded, and how')
const rows = guards
  .split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| against'))

it('every guard names one test, in a file that has it', () => {
  expect(rows?.length).toBeGreaterThan(20)
  const missing = (rows ?? []).filter((row) => {
    const [, file = '', title = ''] = /\]\(([^)]+)\) "([^"]+)" \|$/.exec(row) ?? []
    const path = join(DOCS, file)
    return title === '' || !existsSync(path) || !hasTest(readFileSync(path, 'utf8'), title)
  })
  expect(missing).toEqual([])
})

it('a test that is not there would be noticed', () => {
  expect(hasTest("it('a guard holds', () => {})", 'a guard holds')).toBe(true)
  expect(hasTest("it('a guard holds', () => {})", 'another guard')).toBe(false)
  expect(hasTest("// a guard holds\nit('something', () => {})", 'a guard holds')).toBe(false)
})

/** Whether a title of a test, or of a row of its table, has these words. */
function hasTest(text: string, words: string): boolean {
  return [...text.matchAll(/['`]([^\n]*?)['`],?(?: ?[,)(]|$)/gm)].some(([quoted]) =>
    quoted.includes(words),
  )
}
