/**
 * A clock goes on after a restart where it stood, or later: what is stored never says that something
 * came before what it followed.
 */
import { parseClock, type Clock } from '@muster/clock'
import type { Machine } from './machine.ts'
import type { Records } from '@muster/store'

/** A clock and the record of it. */
export interface KeptClock {
  readonly clock: Clock
  /** For the user, when this clock stands before that of an earlier run. */
  readonly notes: readonly string[]
  /** Writes down what time it is: wall time now and then, another time always. */
  keep(): void
}

/** Kind and key of what another time than wall time stood at. */
const CLOCK_RECORD = ['clock', 'now'] as const
/** Kind and key of what wall time stood at. */
const WALL_RECORD = ['clock', 'wall'] as const

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
export function openClock(
  text: string,
  records: Records,
  machine: Pick<Machine, 'epochMs' | 'monotonicMs' | 'setTimer'>,
): KeptClock {
  const kept = new Map([...records.load(CLOCK_RECORD[0])].map(({ key, value }) => [key, value]))
  const keptMs = (key: string): number => Number(kept.get(key) ?? -Infinity)
  const wallMs = Math.max(machine.epochMs(), keptMs(WALL_RECORD[1]))
  // Before what an earlier run committed, timers that it set would lie too far ahead.
  const latestMs = Math.max(wallMs, keptMs(CLOCK_RECORD[1]))
  const clock = parseClock(text, text === 'system' ? wallMs : latestMs, {
    wallMs: () => machine.epochMs(),
    monotonicMs: () => machine.monotonicMs(),
    setTimer: (fire, afterMs) => machine.setTimer(fire, afterMs),
  })
  let writtenMs = -Infinity
  return {
    clock,
    notes: clock.nowMs() + SLACK_MS < latestMs ? [futureNote(latestMs)] : [],
    keep: () => {
      const nowMs = clock.nowMs()
      if (clock.mode !== 'system') records.put(...CLOCK_RECORD, String(nowMs))
      else if (nowMs - writtenMs >= WALL_KEPT_MS) {
        records.put(...WALL_RECORD, String(nowMs))
        writtenMs = nowMs
      }
    },
  }
}

function futureNote(latestMs: number): string {
  return (
    'an earlier run on this data folder had a faster clock, which stood at ' +
    `${new Date(latestMs).toISOString()}: jobs and timers of that run lie in the future of this ` +
    'one; give its --clock again, or another --data'
  )
}
