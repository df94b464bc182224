/** What one seed came to, in figures. */
import type { RehearsedRollout } from './rehearse-once.ts'

/** Shares of the fleet whose time is told, per cent. */
export const TOLD_PERCENT = [50, 90, 99, 100] as const

/** Points of a curve: when each per cent of the fleet was done, from 1 to 100. */
export const CURVE_POINTS = 100

/** A rollout with its devices counted. */
export interface SeedResult {
  readonly seed: number
  readonly status: RehearsedRollout['status']
  readonly abortedSeconds: number | undefined
  /**
   * Seconds from the job's creation until 1, 2, … 100 per cent of the devices were done, whatever it came
   * to for them; undefined where that was not reached. Cancelled is not done.
   */
  readonly curve: readonly (number | undefined)[]
  readonly touched: number
  readonly harmed: number
  readonly succeeded: number
  readonly retries: number
}

/** Counts a rollout's devices. */
export function seedResult(seed: number, rollout: RehearsedRollout): SeedResult {
  const { abortedSeconds, doneSeconds, harmed, retries, status, succeeded, touched } = rollout
  const done = doneSeconds.filter((seconds) => seconds >= 0).sort()
  const curve = Array.from({ length: CURVE_POINTS }, (_, point) => {
    const needed = Math.ceil(((point + 1) / CURVE_POINTS) * doneSeconds.length)
    return done[Math.max(0, needed - 1)]
  })
  return { seed, status, abortedSeconds, curve, touched, harmed, succeeded, retries }
}

/** When so many per cent of the devices were done. */
export function doneSecondsAt(
  { curve }: Pick<SeedResult, 'curve'>,
  percent: number,
): number | undefined {
  return curve[Math.round((percent / 100) * CURVE_POINTS) - 1]
}
