/**
 * Runs work when it falls due: one alarm at the earliest due time, whatever the number of timers.
 */

/** Where the due times are, and the clock they are on. */
export interface WakeUpPorts {
  /** Earliest due time on this clock; undefined while nothing waits. */
  nextDueAtMs(): number | undefined
  /** Does what is due; afterwards the next due time lies ahead, or the work goes on soon. */
  run(): void
  setAlarm(atMs: number, fire: () => void): () => void
}

/** Keeps one alarm set to the earliest due time. */
export class WakeUp {
  readonly #ports: WakeUpPorts
  #armedAtMs: number | undefined
  #cancel: (() => void) | undefined
  #running = false

  constructor(ports: WakeUpPorts) {
    this.#ports = ports
  }

  /** The earliest due time may be another one now. */
  changed(): void {
    // While running, every timer set would re-arm; once at the end is enough.
    if (this.#running) return
    const nextMs = this.#ports.nextDueAtMs()
    if (nextMs === this.#armedAtMs) return
    this.stop()
    if (nextMs === undefined) return
    this.#armedAtMs = nextMs
    this.#cancel = this.#ports.setAlarm(nextMs, () => this.#fire())
  }

  /** Cancels the alarm; {@link WakeUp.changed} sets it again. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#armedAtMs = undefined
  }

  #fire(): void {
    this.#cancel = undefined
    this.#armedAtMs = undefined
    this.#running = true
    try {
      this.#ports.run()
    } finally {
      this.#running = false
      this.changed()
    }
  }
}

/** Alarms on `performance.now()`: wall time that no clock adjustment moves. */
export function setMonotonicAlarm(atMs: number, fire: () => void): () => void {
  const timer = setTimeout(
    fire,
    Math.min(Math.max(0, Math.ceil(atMs - performance.now())), 2 ** 31 - 1),
  )
  timer.unref()
  return () => clearTimeout(timer)
}
