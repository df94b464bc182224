import type { Random } from '@muster/clock'
import type { Rate } from './messages.ts'
import { secondsAt } from './shape.ts'

const BURST_MESSAGES = 10

/** When one device sends one kind of message, in seconds from the beginning, one after the other. */
export class MessageTimes {
  readonly #rate: Rate
  readonly #random: Random
  /** Messages at the whole rate until the next one. */
  #sum: number
  #leftOfBurst: number

  constructor(rate: Rate, random: Random) {
    this.#rate = rate
    this.#random = random
    this.#leftOfBurst = this.#atOnce
    this.#sum = rate.distribution === 'poisson' ? this.#gap() : random() * this.#atOnce
  }

  /** @returns Infinity when there are no more */
  next(): number {
    const { perSecond, shape } = this.#rate
    const seconds = secondsAt(shape, this.#sum / perSecond)
    if (--this.#leftOfBurst === 0) {
      this.#sum += this.#gap()
      this.#leftOfBurst = this.#atOnce
    }
    return seconds
  }

  get #atOnce(): number {
    const { burstMessages = BURST_MESSAGES, distribution } = this.#rate
    return distribution === 'bursts' ? burstMessages : 1
  }

  #gap(): number {
    return this.#rate.distribution === 'poisson' ? -Math.log(1 - this.#random()) : this.#atOnce
  }
}
