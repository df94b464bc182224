/** What the wizard's rehearsal is made of and shows; pure. */
import type { Rehearsal } from '@muster/rehearse'
import { describe, expect, it } from 'vitest'
import {
  curveColumns,
  rehearseForm,
  THINGS_MAX,
  type RehearsalAnswer,
  type RehearsalRequest,
} from '../src/jobs/create/rehearsal/rehearse-form.ts'

const request: RehearsalRequest = {
  job: { jobExecutionsRolloutConfig: { maximumPerMinute: 50 } },
  things: 100,
  startMs: Date.UTC(2026, 10, 30, 9),
  executionMs: 30_000,
  successShare: 1,
  onlineShare: 1,
}

function answers(more: Partial<RehearsalRequest> = {}): readonly RehearsalAnswer[] {
  return [...rehearseForm({ ...request, ...more })]
}

function outcome(more: Partial<RehearsalRequest> = {}): Rehearsal {
  const last = answers(more).at(-1)
  if (last?.kind !== 'done') throw new Error('refused')
  return last.outcome
}

describe('the rehearsal of the wizard', () => {
  it('answers after each seed, and has fewer of them for more things', () => {
    expect(answers()).toHaveLength(21)
    expect(answers({ things: 40_000, job: {}, onlineShare: 0 })).toHaveLength(3)
    expect(THINGS_MAX).toBeGreaterThan(100_000)
  })

  it('assumes of devices what the form says', () => {
    expect(outcome().succeeded.least).toBe(100)
    expect(outcome({ successShare: 0 }).succeeded.most).toBe(0)
    expect(outcome({ onlineShare: 0 }).done[50].median).toBeUndefined()
    const [always, halfTheTime] = [outcome(), outcome({ onlineShare: 0.5 })]
    expect(halfTheTime.done[99].median).toBeGreaterThan(always.done[99].median ?? Infinity)
  })

  it('says what the rules would refuse', () => {
    const job = { schedulingConfig: { startTime: '2026-11-30T09:01' } }
    expect(answers({ job })).toEqual([
      { kind: 'refused', message: 'startTime must be 30 minutes ahead' },
    ])
  })

  it('draws per cent over time, the fastest seed above the slowest', () => {
    const columns = curveColumns(outcome())
    expect(columns.median.at(-1)).toBe(100)
    columns.seconds.forEach((_, place) => {
      expect(columns.fastest[place]).toBeGreaterThanOrEqual(columns.slowest[place] ?? 0)
    })
  })
})
