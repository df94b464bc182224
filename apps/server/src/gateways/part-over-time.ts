/** Parting with a gateway's clients over some time, so that they do not all come back at once. */
import type { Channel } from '@muster/link'

/** How often some are parted with. */
const stepMs = 100

/** A parting under way. */
export interface Parting {
  stop(): void
}

/** Parts with the clients of these channels, evenly, until all were told after `seconds`. */
export function partOverTime(channels: Iterable<Channel>, seconds: number): Parting {
  const left = [...channels]
  const steps = Math.max(1, Math.floor((seconds * 1000) / stepMs))
  const each = Math.ceil(left.length / steps)
  const part = (): void => {
    for (const { gone, receiver } of left.splice(0, each)) {
      if (!gone && 'shutDown' in receiver) (receiver.shutDown as () => void)()
    }
    if (left.length === 0) clearInterval(timer)
  }
  const timer = setInterval(part, seconds === 0 ? 0 : stepMs)
  return { stop: () => clearInterval(timer) }
}
