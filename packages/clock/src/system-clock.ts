import type { CancelAlarm, Clock, ClockMode } from './clock.ts'

/**
 * An alarm looks at the clock this often: a timer counts the time that the machine is awake, and the
 * clock jumps when a laptop wakes up or is corrected.
 */
const LOOK_MS = 5_000
/** A clock that stands further behind than this was set, not corrected: it is believed. */
const CORRECTION_MS_MAX = 3_600_000

/** What the machine knows of time. */
export interface TimeSources {
  /** Epoch milliseconds; jumps when the clock is set. */
  wallMs(): number
  /** Milliseconds of any origin; never jumps, and may stand while the machine sleeps. */
  monotonicMs(): number
  /** Calls `fire` once, later; a timer of the process that does not keep it alive when absent. */
  setTimer?(fire: () => void, afterMs: number): CancelAlarm
}

const MACHINE: TimeSources = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

/** Wall time that never goes back, or from the moment it was made a time that runs faster. */
export class SystemClock implements Clock {
  readonly mode: ClockMode
  readonly rate: number
  readonly #sources: TimeSources
  readonly #lookMs: number
  readonly #startedAtMs: number
  readonly #startMs: number
  #latestMs: number
  #lookedAtMs: number

  /**
   * @param rate - clock seconds per wall second, integer ≥ 1
   * @param startMs - where an accelerated clock starts, epoch milliseconds; default wall time. Wall time
   *   starts there too where it stands up to an hour before it
   * @param more - what tests stand in for
   */
  constructor(
    rate = 1,
    startMs?: number,
    more: { readonly sources?: TimeSources; readonly lookMs?: number } = {},
  ) {
    this.rate = rate
    this.#sources = more.sources ?? MACHINE
    this.#lookMs = more.lookMs ?? LOOK_MS
    this.#startedAtMs = this.#sources.monotonicMs()
    this.#lookedAtMs = this.#startedAtMs
    const wallMs = this.#sources.wallMs()
    this.#startMs = startMs ?? wallMs
    const isBehind = this.#startMs > wallMs && this.#startMs - wallMs <= CORRECTION_MS_MAX
    this.#latestMs = isBehind ? this.#startMs : wallMs
    this.mode = rate === 1 ? 'system' : 'accelerated'
  }

  nowMs(): number {
    const monotonicMs = this.#sources.monotonicMs()
    if (this.rate !== 1) {
      return this.#startMs + Math.floor((monotonicMs - this.#startedAtMs) * this.rate)
    }
    const wallMs = this.#sources.wallMs()
    // Put back, it goes on at half its pace until wall time is there again: timers still come.
    const slowedMs = this.#latestMs + (monotonicMs - this.#lookedAtMs) / 2
    this.#latestMs = wallMs >= this.#latestMs ? wallMs : slowedMs
    this.#lookedAtMs = monotonicMs
    return Math.floor(this.#latestMs)
  }

  setAlarm(atMs: number, fire: () => void): CancelAlarm {
    let cancel: CancelAlarm
    const arm = (): void => {
      const waitMs = Math.max(0, Math.ceil((atMs - this.nowMs()) / this.rate))
      const setTimer = this.#sources.setTimer ?? timerOfProcess
      cancel = setTimer(
        () => (this.nowMs() >= atMs ? fire() : arm()),
        Math.min(waitMs, this.#lookMs),
      )
    }
    arm()
    return () => cancel()
  }
}

function timerOfProcess(fire: () => void, afterMs: number): CancelAlarm {
  const timer = setTimeout(fire, afterMs)
  timer.unref()
  return () => clearTimeout(timer)
}
