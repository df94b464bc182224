/**
 * Randomness without a state: a number for every question that is asked of a device, decided by the seed.
 * So the order of events decides nothing, and a device costs no memory for its dice.
 */
import type { Random } from '@muster/clock'

/** What is drawn; each has numbers of its own. */
export const TOPIC = {
  group: 1,
  attribute: 2,
  lost: 3,
  bad: 4,
  reaction: 5,
  attempt: 6,
  duration: 7,
  hours: 8,
  habit: 9,
  session: 10,
} as const

/** Draws for one seed. */
export class Lot {
  readonly #seed: number
  #state = 0

  /** @param seed - any integer; only its low 32 bits count */
  constructor(seed: number) {
    this.#seed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b)
  }

  /** A number in [0, 1) for the `place`-th question of a topic to a device. */
  at(device: number, topic: number, place = 0): number {
    let mixed = this.#seed ^ Math.imul(device + 1, 0xc2b2ae35)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
    mixed ^= Math.imul(topic, 0x27d4eb2f) ^ Math.imul(place + 1, 0x165667b1)
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x7feb352d)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296
  }

  /** A stream of numbers for that question; valid until the next stream is asked for. */
  stream(device: number, topic: number, place = 0): Random {
    this.#state = (this.at(device, topic, place) * 4_294_967_296) >>> 0
    return this.#next
  }

  readonly #next: Random = () => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
