/** What the rules of Jobs leave behind after any commit breaks no invariant that a check looks at. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RandomFleet, step } from '../../jobs/test/random-fleet.ts'
import { checkKeptStore, openStore } from '../src/index.ts'

let folder: string
let files = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('random steps of a fleet, each committed: a reader beside finds nothing wrong', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      files += 1
      const file = join(folder, `${files}.db`)
      const store = openStore({ file })
      try {
        const fleet = new RandomFleet(store.jobs, 2)
        for (const one of steps) {
          fleet.take(one)
          store.commit()
          const { problems } = checkKeptStore(file, true)
          // Its things are not in this store.
          expect(problems.filter(({ rule }) => rule !== 'execution-thing')).toEqual([])
        }
      } finally {
        store.close()
      }
    }),
    { numRuns: Number(process.env['MUSTER_RUNS'] ?? 10) },
  )
})
