/**
 * Restarts resume everything: an engine on a file that is closed and opened again between any two
 * steps keeps every invariant, timers, rollouts and sweeps included.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, it } from 'vitest'
import { RandomFleet, step } from '../../jobs/test/random-fleet.ts'
import { openStore } from '../src/index.ts'

let folder: string
let files = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'restart-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('random steps with restarts between them keep every invariant', () => {
  const restartable = fc.record({ one: step, restart: fc.integer({ min: 0, max: 3 }) })
  fc.assert(
    fc.property(fc.array(restartable, { minLength: 5, maxLength: 40 }), (steps) => {
      files += 1
      const file = join(folder, `${files}.db`)
      let store = openStore({ file })
      try {
        const fleet = new RandomFleet(store.jobs, 2)
        for (const { one, restart } of steps) {
          fleet.take(one)
          store.commit()
          if (restart > 0) continue
          store.close()
          store = openStore({ file })
          fleet.restart(store.jobs)
        }
      } finally {
        store.close()
      }
    }),
    { numRuns: Number(process.env['MUSTER_RUNS'] ?? 60) },
  )
})
