import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fidelityPage, readRules, rulesNamed, testsByRule, withoutComments } from '../fidelity.ts'

it('the ledger says what the tests prove: `node docs/fidelity.ts` writes it anew', () => {
  expect(readFileSync(join(import.meta.dirname, '../fidelity.md'), 'utf8')).toBe(fidelityPage())
})

it('every rule that a test names is in the ledger', () => {
  const known = new Set(readRules().map(({ id }) => id))
  expect([...testsByRule().keys()].filter((id) => !known.has(id))).toEqual([])
})

it('reads single rules, lists and ranges', () => {
  expect([...rulesNamed('jobs J3 to J5; authz E1, E2 and E9')]).toEqual([
    'jobs J3',
    'jobs J4',
    'jobs J5',
    'authz E1',
    'authz E2',
    'authz E9',
  ])
})

it('a rule in a comment is not proven', () => {
  const source = "/** jobs J1\n */\n  // jobs J2\nit('jobs J3: a/*', () => {})\n/* jobs J4 */"
  expect([...rulesNamed(withoutComments(source))]).toEqual(['jobs J3'])
})

it('what is partial, different or outside says why, and every rule says something short', () => {
  for (const { id, says, status, note } of readRules()) {
    expect(says.length, id).toBeGreaterThan(0)
    expect(says.length, id).toBeLessThanOrEqual(110)
    expect(['', 'partial', 'differs', 'outside'], id).toContain(status)
    if (status !== '') expect(note, id).not.toBe('')
  }
})
