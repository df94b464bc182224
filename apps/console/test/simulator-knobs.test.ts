/** Pure parts of the simulator's page. */
import { describe, expect, it } from 'vitest'
import {
  networkChange,
  networkProblem,
  networkTyped,
  shareChange,
  shareProblems,
  sharesOf,
} from '../src/simulator/knobs-form.ts'
import { largestRate, pointsMax, withPoint, type RatePoint } from '../src/simulator/rate-series.ts'
import { troubles } from '../src/simulator/troubles.ts'

describe('shares of behaviours', () => {
  const typed = (behaviour: string, percent: string, durationSeconds = '') => ({
    behaviour,
    percent,
    durationSeconds,
  })

  it('begin as the fleet is, and are sent as fractions', () => {
    const shares = sharesOf({
      byBehaviour: [
        { behaviour: 'succeed', devices: 19, share: 0.95 },
        { behaviour: 'fail', devices: 1, share: 0.05 },
      ],
    })
    expect(shares.map(({ percent }) => percent)).toEqual(['95', '5'])
    expect(shareProblems(shares).size).toBe(0)
    expect(shareChange([typed('succeed', '70', '5'), typed('hang', '30')])).toEqual([
      { behaviour: 'succeed', share: 0.7, durationSeconds: 5 },
      { behaviour: 'hang', share: 0.3 },
    ])
  })

  it('must be numbers that make a hundred percent', () => {
    expect([...shareProblems([]).keys()]).toEqual([-1])
    expect([...shareProblems([typed('fail', '0'), typed('succeed', 'all')]).keys()]).toEqual([0, 1])
    expect([...shareProblems([typed('succeed', '100', 'long')]).keys()]).toEqual([0])
    expect(shareProblems([typed('succeed', '60')]).get(-1)).toContain('60 percent')
    // A third of a fleet is no round number of percent.
    const thirds = [typed('succeed', '66.7'), typed('fail', '33.3')]
    expect(shareProblems(thirds).size).toBe(0)
  })
})

describe('network faults', () => {
  it('come back from what they were typed as', () => {
    const network = {
      latencyMilliseconds: 150,
      flapping: { everySeconds: 10 },
      offline: { everySeconds: 30, forSeconds: 5 },
      halfOpen: { everySeconds: 40, forSeconds: 2 },
      slowReader: { bytesPerSecond: 4000 },
    }
    expect(networkChange(networkTyped(network))).toEqual(network)
    expect(networkChange(networkTyped(null))).toBeNull()
  })

  it('leave out what was set as a distribution, which has no single number', () => {
    const network = { latencyMilliseconds: { min: 1, max: 9 } as unknown as number }
    expect(networkTyped(network).latencyMilliseconds).toBe('')
  })

  it('need both how often and for how long', () => {
    const typed = { ...networkTyped(null), offlineEverySeconds: '30' }
    expect(networkProblem(typed, 'offlineForSeconds')).toContain('Both')
    expect(networkProblem(typed, 'offlineEverySeconds')).toBeUndefined()
    expect(networkProblem({ ...typed, offlineForSeconds: '-1' }, 'offlineForSeconds')).toBeDefined()
    expect(networkProblem({ ...typed, bytesPerSecond: '0' }, 'bytesPerSecond')).toBeDefined()
    expect(networkProblem({ ...typed, latencyMilliseconds: '0' }, 'latencyMilliseconds')).toBe(
      undefined,
    )
  })
})

describe('rates', () => {
  it('are kept for two minutes and have an axis even at rest', () => {
    let points: readonly RatePoint[] = []
    expect(largestRate(points)).toBe(1)
    for (let second = 0; second < pointsMax + 5; second += 1) {
      points = withPoint(points, second, { connects: second, disconnects: 0, started: 0, ended: 0 })
    }
    expect(points.length).toBe(pointsMax)
    expect(points[0]?.atMs).toBe(5)
    expect(largestRate(points)).toBe(pointsMax + 4)
  })
})

describe('what went wrong', () => {
  it('is told with the most frequent first, and not where nothing did', () => {
    expect(
      troubles({
        faults: { 'flapping: began': 12 },
        errors: { closed: 3 },
        refusals: { 'update: VersionMismatch': 0 },
        deniedByReason: { AUTHORIZATION_FAILED: 40 },
      }),
    ).toEqual([
      { kind: 'Denial', what: 'AUTHORIZATION_FAILED', times: 40 },
      { kind: 'Network fault', what: 'flapping: began', times: 12 },
      { kind: 'Error', what: 'closed', times: 3 },
    ])
  })
})
