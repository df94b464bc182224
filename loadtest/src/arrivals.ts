/**
 * When requests are to be made. Open: at a pace of their own, whatever the answers do, so that a slow
 * server cannot hide. Closed: as many under way as there are devices, the next one when one is
 * answered.
 */
import { machineMs } from '@muster/fleet'
import type { Tally } from './tally.ts'

/** What is offered for a while. */
export interface Offer {
  /** Of this process; where it changes, `toPerSecond` is reached at the end. */
  readonly perSecond: number
  readonly toPerSecond?: number
  readonly seconds: number
  /** When it begins, by `machineMs`. */
  readonly beginsAtMs: number
  /** Arrivals that come together: a storm. */
  readonly atOnce?: number
  /** Closed loop: so many under way. */
  readonly underWay?: number
  /** Messages that may be sent in all; none after that. */
  readonly messagesMax?: number
}

/** What is asked to make requests. */
export interface Arriving {
  readonly tally: Tally
  /**
   * Makes the request that was to be made at `intendedMs`.
   *
   * @returns false when no device could: it is tried again, until it is too late
   */
  arrive(intendedMs: number): boolean
}

/** Whether arrivals are left: none, some for the next turn, some for when there is room. */
type Rest = 'none' | 'at once' | 'soon'

/** Timers are no finer. */
const TICK_MS = 1
/** Answers are read after so long a burst. */
const BURST_MS = 5
/** What could not be sent within so long of its time is not sent any more. */
const LATE_MS_MAX = 2000

/** One offer as it is made. */
export class Arrivals {
  readonly #offer: Offer
  readonly #arriving: Arriving
  readonly #ended = Promise.withResolvers<void>()
  #arrived = 0
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined

  constructor(offer: Offer, arriving: Arriving) {
    this.#offer = offer
    this.#arriving = arriving
  }

  /** Begins; resolves when all arrivals were due. */
  run(): Promise<void> {
    const { beginsAtMs } = this.#offer
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, beginsAtMs - machineMs()))
    return this.#ended.promise
  }

  /** Nothing arrives any more. */
  stop(): void {
    clearTimeout(this.#timer as NodeJS.Timeout)
    clearImmediate(this.#timer as NodeJS.Immediate)
    this.#ended.resolve()
  }

  #tick(): void {
    const nowMs = machineMs()
    const { beginsAtMs, messagesMax = Infinity, seconds } = this.#offer
    const elapsedSeconds = (nowMs - beginsAtMs) / 1000
    if (this.#arriving.tally.sums.messages >= messagesMax) {
      this.stop()
      return
    }
    const more =
      this.#offer.underWay === undefined
        ? this.#openUntil(elapsedSeconds, nowMs)
        : this.#fill(nowMs)
    if (elapsedSeconds >= seconds && more === 'none') {
      this.stop()
      return
    }
    if (more === 'at once') this.#timer = setImmediate(() => this.#tick())
    else this.#timer = setTimeout(() => this.#tick(), TICK_MS)
  }

  /** @returns when those are tried that are due and have not been made */
  #openUntil(elapsedSeconds: number, nowMs: number): Rest {
    const { tally } = this.#arriving
    const due = dueBy(this.#offer, elapsedSeconds)
    const tooLate = dueBy(this.#offer, elapsedSeconds - LATE_MS_MAX / 1000)
    if (tooLate > this.#arrived) {
      const missed = tooLate - this.#arrived
      tally.sums.offered += missed
      tally.sums.notOffered += missed
      this.#arrived = tooLate
    }
    while (this.#arrived < due) {
      const intendedMs = this.#offer.beginsAtMs + secondOf(this.#offer, this.#arrived) * 1000
      // Waits for a device: how long is in its latency, which counts from when it was due.
      if (!this.#arriving.arrive(intendedMs)) return 'soon'
      this.#arrived++
      tally.sums.offered++
      if (machineMs() - nowMs > BURST_MS) return this.#arrived < due ? 'at once' : 'none'
    }
    return 'none'
  }

  #fill(nowMs: number): Rest {
    const { underWay = 0, seconds, beginsAtMs } = this.#offer
    if (nowMs - beginsAtMs >= seconds * 1000) return 'none'
    const { tally } = this.#arriving
    while (tally.underWay < underWay) {
      if (!this.#arriving.arrive(machineMs())) return 'soon'
      tally.sums.offered++
      if (machineMs() - nowMs > BURST_MS) break
    }
    // Answers that have come meanwhile make room; they are read between two turns.
    return tally.underWay < underWay ? 'at once' : 'soon'
  }
}

/** How many are due after so many seconds; an integer. The end itself begins nothing more. */
export function dueBy(offer: Offer, elapsedSeconds: number): number {
  const { atOnce = 1, perSecond, seconds, toPerSecond = perSecond } = offer
  if (elapsedSeconds < 0 || perSecond + toPerSecond === 0) return 0
  const most = Math.floor(((perSecond + toPerSecond) * seconds) / 2 / atOnce + 1e-9)
  const at = Math.min(elapsedSeconds, seconds)
  const grown = perSecond * at + ((toPerSecond - perSecond) * at * at) / (2 * seconds)
  const begun = Math.floor(grown / atOnce + 1e-9) + 1
  return Math.min(begun, Math.max(1, most)) * atOnce
}

/** When the arrival of this number is due, seconds. */
export function secondOf(offer: Offer, number: number): number {
  const { atOnce = 1, perSecond, seconds, toPerSecond = perSecond } = offer
  const before = Math.floor(number / atOnce) * atOnce
  const growth = (toPerSecond - perSecond) / seconds
  if (growth === 0) return before / perSecond
  const root = Math.sqrt(Math.max(0, perSecond * perSecond + 2 * growth * before))
  return (root - perSecond) / growth
}
