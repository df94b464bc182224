/**
 * Every choice of a simulation, from one seed.
 */
import { seededRandom, type Random } from '@muster/clock'

/** Draws that a seed decides. */
export class Choices {
  readonly #random: Random

  /**
   * @param seed - integer
   * @param stream - draws of another stream of the same seed do not move with these
   */
  constructor(seed: number, stream: number) {
    this.#random = seededRandom(
      Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(stream + 1, 0xc2b2_ae35),
    )
    this.#random()
  }

  /** In [0, 1). */
  fraction(): number {
    return this.#random()
  }

  /** Integer in [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1))
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#random() < probability
  }

  /** One of them. */
  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)]
    if (from.length === 0) throw new RangeError('nothing to pick from')
    return picked as T
  }

  /** One of them, as often as its weight says. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T {
    const total = from.reduce((sum, [weight]) => sum + weight, 0)
    let left = this.#random() * total
    for (const [weight, value] of from) {
      left -= weight
      if (left < 0) return value
    }
    const last = from.at(-1)
    if (last === undefined) throw new RangeError('nothing to pick from')
    return last[1]
  }
}
