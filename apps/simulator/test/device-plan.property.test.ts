/**
 * The plan of a fleet: decided by scenario and seed alone, with shares met exactly.
 */
import { draw, seededRandom } from '@muster/clock'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planFleet, plannedOutcomes, type Scenario } from '../src/index.ts'

const scenarios = fc
  .array(
    fc.record({
      share: fc.integer({ min: 1, max: 20 }),
      jobs: fc.array(
        fc.record({
          behaviour: fc.constantFrom('succeed' as const, 'fail' as const, 'reject' as const),
          share: fc.integer({ min: 1, max: 5 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((groups): Scenario => ({
    name: 'x',
    groups: groups.map((group, index) => ({ ...group, name: `g${index}` })),
  }))
const sizes = fc.integer({ min: 1, max: 300 })
const seeds = fc.integer()

it('the same seed gives the same fleet, another seed another one', () => {
  fc.assert(
    fc.property(scenarios, sizes, seeds, (scenario, devices, seed) => {
      const plan = planFleet(scenario, devices, seed, 'x')
      expect(planFleet(structuredClone(scenario), devices, seed, 'x')).toEqual(plan)
      expect(new Set(plan.map((device) => device.seed)).size).toBe(devices)
    }),
  )
})

it('every share is met to within one device', () => {
  fc.assert(
    fc.property(scenarios, sizes, seeds, (scenario, devices, seed) => {
      const plan = planFleet(scenario, devices, seed, 'x')
      const total = scenario.groups.reduce((sum, { share = 1 }) => sum + share, 0)
      for (const group of scenario.groups) {
        const count = plan.filter((device) => device.group === group).length
        expect(Math.abs(count - (devices * (group.share ?? 1)) / total)).toBeLessThan(1)
      }
    }),
  )
})

it('outcomes of a plan add up to its devices', () => {
  fc.assert(
    fc.property(scenarios, sizes, seeds, (scenario, devices, seed) => {
      const outcomes = plannedOutcomes(planFleet(scenario, devices, seed, 'x'))
      expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(devices)
    }),
  )
})

it.each([
  ['a number', 3, 3],
  ['uniform', { distribution: 'uniform', min: 2, max: 6 } as const, 4],
  ['normal', { distribution: 'normal', mean: 10, deviation: 1 } as const, 10],
  ['lognormal', { distribution: 'lognormal', median: 5, sigma: 0.5 } as const, 5],
  ['exponential', { distribution: 'exponential', mean: 10 } as const, 10 * Math.LN2],
])('`%s` draws numbers around its median', (_name, quantity, median) => {
  const random = seededRandom(7)
  const drawn = Array.from({ length: 4001 }, () => draw(quantity, random)).sort((a, b) => a - b)
  expect(drawn[0]).toBeGreaterThanOrEqual(0)
  expect(drawn[2000]).toBeCloseTo(median, 0)
})
