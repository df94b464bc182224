/** What the top bar says of a clock that is not the world's. */
import type { ClockReading } from '../admin/admin-client.ts'

/** A short word, and the sentence behind it. */
export interface ClockBadge {
  readonly text: string
  readonly title: string
}

/** @returns undefined for a clock that goes as all do, and while it is not known */
export function clockBadge(reading: ClockReading | undefined): ClockBadge | undefined {
  if (reading === undefined) return undefined
  if (reading.mode === 'virtual') {
    return { text: 'Virtual clock', title: 'The server’s time stands until you move it' }
  }
  if (reading.rate === 1) return undefined
  return {
    text: `Clock ×${reading.rate}`,
    title: `The server’s time passes ${reading.rate} times as fast`,
  }
}
