/**
 * The series of a job's counters: bounded however long it goes on, and every point of it true.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  initialProgress,
  newProgressSeries,
  PROGRESS_POINTS_MAX,
  ProgressSeries,
  type KeptSeries,
  type ProgressPoint,
} from '../src/index.ts'

const { things: none } = initialProgress('IN_PROGRESS', 0)
const succeeded = (count: number): ProgressPoint['things'] => ({ ...none, SUCCEEDED: count })

it('a series stays within its bound, begins where it began and tells nothing that was not so', () => {
  const steps = fc.array(
    fc.record({ waitMs: fc.integer({ min: 0, max: 5_000 }), more: fc.integer({ min: 0, max: 3 }) }),
    { minLength: 1, maxLength: 3_000, size: 'max' },
  )
  fc.assert(
    fc.property(steps, (made) => {
      const series = newProgressSeries(0)
      const told = new Map<number, Set<number>>()
      let [atMs, count] = [1_000, 0]
      for (const { waitMs, more } of made) {
        atMs += waitMs
        count += more
        series.record(atMs, succeeded(count))
        told.set(atMs, (told.get(atMs) ?? new Set()).add(count))
      }
      const points = series.until(atMs + 1, succeeded(count), true)
      expect(points.length).toBeLessThanOrEqual(PROGRESS_POINTS_MAX)
      expect(points[0]?.atMs).toBe(1_000 + (made[0]?.waitMs ?? 0))
      expect(points.at(-1)).toEqual({ atMs: atMs + 1, things: succeeded(count) })
      for (const [index, point] of points.slice(0, -1).entries()) {
        expect(told.get(point.atMs)).toContain(point.things.SUCCEEDED)
        expect(points[index + 1]?.atMs).toBeGreaterThanOrEqual(point.atMs)
      }
      const kept = JSON.parse(JSON.stringify(series.keep())) as KeptSeries
      expect(new ProgressSeries(kept).points).toEqual(series.points)
    }),
    { numRuns: 30 },
  )
})

it('a job of any size and duration keeps at least half of its points', () => {
  const series = newProgressSeries(0)
  for (let count = 0; count < 100_000; count++) series.record(count * 250, succeeded(count))
  expect(series.points.length).toBeGreaterThanOrEqual(PROGRESS_POINTS_MAX / 2 - 1)
  expect(series.points.length).toBeLessThan(PROGRESS_POINTS_MAX)
  expect(series.resolutionMs).toBe(100 * 2 ** 9)
})

it('counters that did not change make no point, and those of an ended job stay where they were', () => {
  const series = newProgressSeries(0)
  series.record(1_000, succeeded(0))
  series.record(2_000, succeeded(0))
  series.record(3_000, succeeded(1))
  expect(series.points.map(({ atMs }) => atMs)).toEqual([1_000, 3_000])
  expect(series.until(9_000, succeeded(1), false)).toHaveLength(2)
  expect(series.until(9_000, succeeded(1), true).at(-1)?.atMs).toBe(9_000)
  expect(series.until(9_000, succeeded(0), false).at(-1)?.atMs).toBe(9_000)
})

it('a kept point tells nothing of a status that it does not hold: none were counted', () => {
  const kept = { createdAtMs: 0, resolutionMs: 100, rows: [[5, 3]] }
  const [point] = new ProgressSeries(kept).points
  expect(point?.atMs).toBe(5)
  expect(Object.values(point?.things ?? {})).toEqual([3, ...Array(7).fill(0)])
})
