/**
 * A clock that is not wall time goes on after a restart where it stood.
 */
import { parseClock, type Clock } from '@muster/clock'
import type { Records } from '@muster/store'

/** A clock and the record of it. */
export interface KeptClock {
  readonly clock: Clock
  /** Writes down what time it is, unless it is wall time. */
  keep(): void
}

/** Kind and key of the record. */
const CLOCK_RECORD = ['clock', 'now'] as const

/**
 * Opens the clock of an account.
 *
 * @param text - `system`, `virtual` or `x30`
 * @throws RangeError for another text
 */
export function openClock(text: string, records: Records): KeptClock {
  const clock = parseClock(text, startMs(records))
  return {
    clock,
    keep: () => {
      if (clock.mode !== 'system') records.put(...CLOCK_RECORD, String(clock.nowMs()))
    },
  }
}

/** Never before what an earlier run committed, or timers that it set would lie too far ahead. */
function startMs(records: Records): number {
  for (const { value } of records.load(CLOCK_RECORD[0])) {
    return Math.max(Date.now(), Number(value))
  }
  return Date.now()
}
