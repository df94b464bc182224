/** The bounds of timelines: each thing's, and those of all things together. */
import { expect, it } from 'vitest'
import { KeptTimelines, type TimedEntry } from '../../src/timeline/kept-timelines.ts'

const execution = (atMs: number): TimedEntry => ({
  atMs,
  kind: 'execution',
  jobId: `J${atMs}`,
  executionNumber: 1,
  status: 'QUEUED',
  versionNumber: 1,
  retryAttempt: 0,
  by: 'rollout',
})
const request = (atMs: number, code: string | null = null): TimedEntry => ({
  atMs,
  kind: 'request',
  operation: 'GetPendingJobExecutions',
  protocol: 'https',
  jobId: null,
  code,
  count: 1,
})

it('a thing keeps its newest entries and says since when none is missing', () => {
  const kept = new KeptTimelines(5, { entriesPerThingMax: 3 })
  expect(kept.of('lamp')).toEqual({ sinceMs: 5, entries: [] })
  for (const atMs of [10, 20, 30]) kept.add('lamp', execution(atMs))
  expect(kept.of('lamp').sinceMs).toBe(5)
  kept.add('lamp', execution(40))
  expect(kept.of('lamp')).toMatchObject({ sinceMs: 10 })
  expect(kept.of('lamp').entries.map(({ atMs }) => atMs)).toEqual([20, 30, 40])
  for (let atMs = 50; atMs <= 200; atMs += 10) {
    kept.add('lamp', execution(atMs))
    const line = kept.of('lamp')
    expect(line.entries.map((entry) => entry.atMs)).toEqual([atMs - 20, atMs - 10, atMs])
    expect(line.sinceMs).toBe(atMs - 30)
  }
})

it('a request that is repeated where a full line begins anew is counted there', () => {
  const kept = new KeptTimelines(0, { entriesPerThingMax: 3 })
  for (const atMs of [1, 2, 3, 4, 5]) kept.add('lamp', execution(atMs))
  for (const atMs of [6, 7]) kept.add('lamp', request(atMs))
  expect(kept.of('lamp').entries).toMatchObject([{ atMs: 4 }, { atMs: 5 }, { atMs: 7, count: 2 }])
  expect(kept.total).toBe(3)
})

it('a request that is repeated is one entry, however often a device polls', () => {
  const kept = new KeptTimelines(0)
  for (let atMs = 1; atMs <= 1000; atMs++) kept.add('lamp', request(atMs))
  kept.add('lamp', request(1001, 'RequestThrottled'))
  expect(kept.of('lamp').entries).toMatchObject([
    { atMs: 1000, count: 1000, code: null },
    { atMs: 1001, count: 1, code: 'RequestThrottled' },
  ])
  expect(kept.total).toBe(2)
})

it('a fleet of any size stays within the bound of all, and each thing says what it lost', () => {
  const kept = new KeptTimelines(0, { entriesMax: 1000 })
  for (let atMs = 1; atMs <= 20_000; atMs++) kept.add(`T${atMs % 700}`, execution(atMs))
  expect(kept.total).toBeLessThanOrEqual(1000)
  let counted = 0
  for (let thing = 0; thing < 700; thing++) {
    const { entries, sinceMs } = kept.of(`T${thing}`)
    counted += entries.length
    expect(entries[0]?.atMs ?? Infinity).toBeGreaterThan(sinceMs)
  }
  expect(counted).toBe(kept.total)
})

it('a full line that loses its older half goes on in order', () => {
  const kept = new KeptTimelines(0, { entriesPerThingMax: 4, entriesMax: 6 })
  for (let atMs = 1; atMs <= 6; atMs++) kept.add('noisy', execution(atMs))
  for (let atMs = 7; atMs <= 9; atMs++) kept.add(`T${atMs}`, execution(atMs))
  expect(kept.of('noisy').entries.map(({ atMs }) => atMs)).toEqual([5, 6])
  for (let atMs = 10; atMs <= 13; atMs++) kept.add('noisy', execution(atMs))
  const { entries } = kept.of('noisy')
  expect(entries.map(({ atMs }) => atMs)).toEqual([10, 11, 12, 13].slice(-entries.length))
})

it('one noisy thing takes no entry of another', () => {
  const kept = new KeptTimelines(0, { entriesMax: 1000 })
  kept.add('quiet', execution(1))
  for (let atMs = 2; atMs <= 50_000; atMs++) kept.add('noisy', execution(atMs))
  expect(kept.of('quiet').entries).toHaveLength(1)
  kept.forget('noisy')
  expect([kept.total, kept.of('noisy').entries]).toEqual([1, []])
  kept.clear(9)
  expect([kept.total, kept.of('quiet')]).toEqual([0, { sinceMs: 9, entries: [] }])
})
