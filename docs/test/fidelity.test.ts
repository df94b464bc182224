import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fidelityPage, readRules, rulesNamed, testsByRule } from '../fidelity.ts'

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
