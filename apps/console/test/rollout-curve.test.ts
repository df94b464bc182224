import { describe, expect, it } from 'vitest'
import { rolloutCurve } from '../src/jobs/rollout-curve.ts'

const at = (second: number): Date => new Date(second * 1000)

describe('rollout curve', () => {
  it('counts up at each moment something happened', () => {
    const curve = rolloutCurve([
      { status: 'SUCCEEDED', queuedAt: at(1), startedAt: at(2), lastUpdatedAt: at(4) },
      { status: 'FAILED', queuedAt: at(1), startedAt: at(3), lastUpdatedAt: at(5) },
      { status: 'IN_PROGRESS', queuedAt: at(2), startedAt: at(3), lastUpdatedAt: at(3) },
    ])
    expect(curve).toEqual({
      atSeconds: [1, 2, 3, 4, 5],
      queued: [2, 3, 3, 3, 3],
      started: [0, 1, 3, 3, 3],
      succeeded: [0, 0, 0, 1, 1],
      unsuccessful: [0, 0, 0, 0, 1],
    })
  })

  it('keeps few points of many, and always the last', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      status: 'SUCCEEDED',
      queuedAt: at(index),
      startedAt: at(index + 1),
      lastUpdatedAt: at(index + 2),
    }))
    const curve = rolloutCurve(many, 100)
    expect(curve.atSeconds.length).toBeLessThanOrEqual(101)
    expect(curve.atSeconds.at(-1)).toBe(5001)
    expect(curve.succeeded.at(-1)).toBe(5000)
  })

  it('is empty for a job without executions', () => {
    expect(rolloutCurve([]).atSeconds).toEqual([])
  })
})
