import type { CancelAlarm, Clock, ClockMode } from './clock.ts'

/** `setTimeout` takes at most 2^31-1 ms; a longer wait is cut and set again. */
const WAIT_MS_MAX = 2_000_000_000

/** Wall time, or from the moment it was made a time that runs faster. */
export class SystemClock implements Clock {
  readonly mode: ClockMode
  readonly rate: number
  readonly #wallStartMs = Date.now()
  readonly #startMs: number

  /**
   * @param rate - clock seconds per wall second, integer ≥ 1
   * @param startMs - where an accelerated clock starts, epoch milliseconds; default wall time
   */
  constructor(rate = 1, startMs?: number) {
    this.rate = rate
    this.#startMs = startMs ?? this.#wallStartMs
    this.mode = rate === 1 ? 'system' : 'accelerated'
  }

  nowMs(): number {
    const wallMs = Date.now()
    return this.rate === 1
      ? wallMs
      : this.#startMs + Math.floor((wallMs - this.#wallStartMs) * this.rate)
  }

  setAlarm(atMs: number, fire: () => void): CancelAlarm {
    let timer: NodeJS.Timeout
    const arm = (): void => {
      const waitMs = Math.max(0, Math.ceil((atMs - this.nowMs()) / this.rate))
      timer = setTimeout(
        () => (this.nowMs() >= atMs ? fire() : arm()),
        Math.min(waitMs, WAIT_MS_MAX),
      )
      timer.unref()
    }
    arm()
    return () => clearTimeout(timer)
  }
}
