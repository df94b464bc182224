/**
 * A clock goes on after a restart where it stood, or later: what is stored never says that something
 * came before what it followed.
 */
import { parseClock, type Clock } from '@muster/clock'
import type { Records } from '@muster/store'

/** A clock and the record of it. */
export interface KeptClock {
  readonly clock: Clock
  /** For the user, when this clock stands before that of an earlier run. */
  readonly notes: readonly string[]
  /** Writes down what time it is: wall time now and then, another time always. */
  keep(): void
}

/** Kind and key of the record. */
const CLOCK_RECORD = ['clock', 'now'] as const

/** Wall time goes on by itself while nobody runs: it is written down only so often. */
const WALL_KEPT_MS = 1000

/** Nobody notices so little. */
const SLACK_MS = 1000

/**
 * Opens the clock of an account.
 *
 * @param text - `system`, `virtual` or `x30`
 * @throws RangeError for another text
 */
export function openClock(text: string, records: Records): KeptClock {
  const latestMs = lastMs(records)
  const clock = parseClock(text, latestMs)
  let keptMs = -Infinity
  return {
    clock,
    notes: clock.nowMs() + SLACK_MS < latestMs ? [futureNote(latestMs)] : [],
    keep: () => {
      const nowMs = clock.nowMs()
      if (clock.mode === 'system' && nowMs - keptMs < WALL_KEPT_MS) return
      keptMs = nowMs
      records.put(...CLOCK_RECORD, String(nowMs))
    },
  }
}

/** Now, or what an earlier run committed: before that, timers that it set would lie too far ahead. */
function lastMs(records: Records): number {
  for (const { value } of records.load(CLOCK_RECORD[0])) {
    return Math.max(Date.now(), Number(value))
  }
  return Date.now()
}

function futureNote(latestMs: number): string {
  return (
    'an earlier run on this data folder had a faster clock, which stood at ' +
    `${new Date(latestMs).toISOString()}: jobs and timers of that run lie in the future of this ` +
    'one; give its --clock again, or another --data'
  )
}
