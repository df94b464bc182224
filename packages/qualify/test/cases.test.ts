import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { QUALIFY_CASES } from '../src/index.ts'

test('every case has an ID of its own, a reason and what AWS documents', () => {
  expect(new Set(QUALIFY_CASES.map(({ id }) => id)).size).toBe(QUALIFY_CASES.length)
  for (const { documented, id, reason, steps } of QUALIFY_CASES) {
    // Job IDs are made of it, which have 64 characters.
    expect(id).toMatch(/^[a-z-]{4,50}$/)
    expect(reason).toMatch(/^\S.{20,}[^.]$/)
    expect(documented).toMatch(/^\S.{10,}\.$/)
    expect(steps.some((step) => step.do === 'start')).toBe(true)
  }
})

test('docs/qualify.md lists every case as it is, and no other', () => {
  const page = readFileSync(new URL('../../../docs/qualify.md', import.meta.url), 'utf8')
  const rows = QUALIFY_CASES.map(
    ({ documented, id, reason }) => `| \`${id}\` | ${reason} | ${documented} |`,
  )
  const table =
    page
      .split('## Cases')[1]
      ?.split('\n')
      .filter((line) => line.startsWith('| `')) ?? []
  expect(table).toEqual(rows)
})
