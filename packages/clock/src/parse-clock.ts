import type { Clock } from './clock.ts'
import { SystemClock, type TimeSources } from './system-clock.ts'
import { VirtualClock } from './virtual-clock.ts'

/**
 * The clock that a `--clock` flag names.
 *
 * @param text - `system`, `virtual` (stands at `startMs`) or `xN` with integer N from 1 to 10000
 * @param startMs - where a virtual or accelerated clock starts, epoch milliseconds; what wall time may
 *   not fall behind when it was corrected since
 * @param sources - what a clock that runs stands on; the machine's when absent
 * @throws RangeError for any other text
 */
export function parseClock(text: string, startMs: number, sources?: TimeSources): Clock {
  const more = sources === undefined ? {} : { sources }
  if (text === 'system') return new SystemClock(1, startMs, more)
  if (text === 'virtual') return new VirtualClock(startMs)
  const rate = /^x([1-9]\d{0,4})$/.exec(text)?.[1]
  if (rate !== undefined && Number(rate) <= 10_000) {
    return new SystemClock(Number(rate), startMs, more)
  }
  throw new RangeError(
    `clock \`${text}\` is not \`system\`, \`virtual\` or \`xN\` with N from 1 to 10000`,
  )
}
