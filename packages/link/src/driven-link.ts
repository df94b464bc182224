/** A link's end on a carrier and the process' timers. */
import type { Carrier } from './carrier.ts'
import type { ChannelReceiver } from './channel.ts'
import { LinkEnd, type LinkEndOptions } from './link-end.ts'

/** How often a link looks whether the other end is there. */
const tickMs = 250
/** Silence that ends a link, where its carrier does not say. */
const patienceMs = 2_000
/** Clients cut off in one turn. */
const slice = 200

/** Joins an end to its carrier; when the link has ended the carrier is closed. */
export function driveLink(
  carrier: Carrier,
  options: Omit<LinkEndOptions, 'sink' | 'silentTicksMax' | 'ended'> & {
    /** The link has ended; its clients are being cut off. Told once, and never before this has returned. */
    readonly ended: (why: string) => void
    /** What a handler of what came threw; where this says nothing it ends the process, as a socket's would. */
    readonly fault?: (cause: unknown) => void
  },
): LinkEnd {
  const { fault = throwUncaught } = options
  let isMade = false
  const end = new LinkEnd({
    ...options,
    sink: carrier,
    silentTicksMax: (carrier.patienceMs ?? patienceMs) / tickMs,
    ended: (why, cut) => {
      clearInterval(timer)
      carrier.close()
      resetInSlices(cut)
      if (isMade) options.ended(why)
      // Its carrier had been closed before.
      else queueMicrotask(() => options.ended(why))
    },
  })
  // After sockets were looked at: who was held up reads first what came meanwhile.
  const timer = setInterval(() => setImmediate(() => end.tick()), tickMs)
  carrier.receive({
    frame: (bytes) => {
      // A carrier may keep to itself what it calls throws, and read no more: NATS's client does.
      try {
        end.take(bytes)
      } catch (cause) {
        fault(cause)
      }
    },
    closed: (why) => end.end(why),
  })
  isMade = true
  return end
}

function throwUncaught(cause: unknown): void {
  process.nextTick(() => {
    throw cause
  })
}

/** Thousands may be cut off at once: others are served between. */
function resetInSlices(cut: readonly ChannelReceiver[], from = 0): void {
  const to = from + slice
  for (const receiver of cut.slice(from, to)) receiver.reset()
  if (to < cut.length) setImmediate(() => resetInSlices(cut, to))
}
