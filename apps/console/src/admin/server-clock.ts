/**
 * The time of the server, which may go faster than the world's or stand still. Where it cannot be
 * asked, as on AWS, it is this computer's.
 */
import { useSyncExternalStore } from 'react'
import { useAdmin } from './admin-context.tsx'
import type { ReadAt } from './admin-state.ts'
import { serverNowMs } from './server-time.ts'

/** The last reading of the server's clock, undefined while or where it is not known. */
export function useServerClock(): ReadAt | undefined {
  const { state } = useAdmin()
  return state.name === 'present' ? state.clock : undefined
}

/** The server's time in epoch milliseconds; draws anew every second. */
export function useNowMs(): number {
  const reading = useServerClock()
  const tick = useSyncExternalStore(ticks.subscribe, ticks.read)
  return serverNowMs(reading, tick.performanceNowMs, tick.wallMs)
}

/** One moment on both of this computer's clocks. */
interface Tick {
  readonly performanceNowMs: number
  readonly wallMs: number
}

/** One timer for everything that shows a time. */
class Ticks {
  readonly #watchers = new Set<() => void>()
  #timer: ReturnType<typeof setInterval> | undefined
  #tick: Tick = reading()

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    this.#timer ??= setInterval(() => {
      this.#tick = reading()
      for (const each of this.#watchers) each()
    }, 1000)
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  readonly read = (): Tick => {
    // Nobody watched for a while: what was read then is old.
    if (this.#timer === undefined && performance.now() - this.#tick.performanceNowMs > 1000) {
      this.#tick = reading()
    }
    return this.#tick
  }
}

function reading(): Tick {
  return { performanceNowMs: performance.now(), wallMs: Date.now() }
}

const ticks = new Ticks()
