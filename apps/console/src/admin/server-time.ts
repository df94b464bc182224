/** The server's time, from a reading of its clock. */
import type { ReadAt } from './admin-state.ts'

/**
 * The server's time at a moment of this page.
 *
 * @param performanceNowMs - `performance.now()` at that moment
 * @param wallMs - this computer's time, taken where there is no reading
 */
export function serverNowMs(
  reading: ReadAt | undefined,
  performanceNowMs: number,
  wallMs: number,
): number {
  if (!reading) return wallMs
  if (reading.mode === 'virtual') return reading.nowMs
  return reading.nowMs + (performanceNowMs - reading.readAtMs) * reading.rate
}
