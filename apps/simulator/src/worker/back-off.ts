import type { BackOff } from '@muster/device'
import type { Waits } from '../scenario/scenario.ts'

/** A scenario's waits, in seconds, as the device library takes them. */
export function backOff({ firstSeconds, maxSeconds, jitter = 0.5 }: Waits): BackOff {
  return { firstMs: firstSeconds * 1000, maxMs: maxSeconds * 1000, jitter }
}
