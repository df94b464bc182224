/**
 * Whatever operators, devices and the clock do, the rules hold after every step and slice.
 */
import fc from 'fast-check'
import { it } from 'vitest'
import { MemoryJobsState } from '../src/index.ts'
import { RandomFleet, step } from './random-fleet.ts'

it('jobs J2, J37 to J41, J53 to J56, J73, J87, J92, J97: random steps keep every invariant', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 50 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, slice) => {
        const fleet = new RandomFleet(new MemoryJobsState(), slice)
        for (const one of steps) fleet.take(one)
      },
    ),
    { numRuns: Number(process.env['MUSTER_RUNS'] ?? 300) },
  )
})
