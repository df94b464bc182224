import type { CancelAlarm, Clock } from './clock.ts'

interface Alarm {
  readonly atMs: number
  readonly order: number
  readonly fire: () => void
}

/** Time that stands still until told to move. */
export class VirtualClock implements Clock {
  readonly mode = 'virtual'
  readonly rate = 0
  #nowMs: number
  #order = 0
  #alarms: Alarm[] = []

  /** @param startMs - epoch milliseconds at which the clock stands */
  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  setAlarm(atMs: number, fire: () => void): CancelAlarm {
    const alarm: Alarm = { atMs, order: this.#order++, fire }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm)
    }
  }

  /**
   * Moves time forward, firing due alarms in order of time; each sees its own due time as now.
   *
   * @param byMs - integer ≥ 0
   * @param settle - awaited after each alarm, so that its work is done before the next one fires
   */
  async advance(byMs: number, settle: () => Promise<void> = async () => {}): Promise<void> {
    const untilMs = this.#nowMs + byMs
    await settle()
    for (let alarm = this.#next(untilMs); alarm !== undefined; alarm = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, alarm.atMs)
      alarm.fire()
      await settle()
    }
    this.#nowMs = untilMs
    await settle()
  }

  /** Puts the clock at `nowMs` without firing anything; alarms stay set. */
  reset(nowMs: number): void {
    this.#nowMs = nowMs
  }

  #next(untilMs: number): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of this.#alarms) {
      if (alarm.atMs > untilMs) continue
      if (first === undefined || alarm.atMs < first.atMs) first = alarm
    }
    if (first !== undefined) this.#alarms = this.#alarms.filter((other) => other !== first)
    return first
  }
}
