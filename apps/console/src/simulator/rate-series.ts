/** The rates of the last minutes, as the page saw them; pure. */
import type { Rates } from './simulator-state.ts'

/** One reading. */
export interface RatePoint extends Rates {
  /** This computer's clock, epoch milliseconds. */
  readonly atMs: number
}

/** Readings that are kept: two minutes of one a second. */
export const pointsMax = 120

/** The series with one reading more; the oldest makes room. */
export function withPoint(
  points: readonly RatePoint[],
  atMs: number,
  rates: Rates,
): readonly RatePoint[] {
  const { connects, disconnects, started, ended } = rates
  return [...points, { atMs, connects, disconnects, started, ended }].slice(-pointsMax)
}

/** The largest of all rates; at least 1, so that an empty chart has an axis. */
export function largestRate(points: readonly RatePoint[]): number {
  return points.reduce(
    (most, { connects, disconnects, started, ended }) =>
      Math.max(most, connects, disconnects, started, ended),
    1,
  )
}
