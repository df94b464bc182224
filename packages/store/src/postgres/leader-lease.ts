/**
 * How long a leader may go on telling what it knows without a word from the database. Its successor
 * waits as long after it got the lock, so that at no moment two of them tell. Pure; the times are of a
 * clock that only goes forward.
 */

/** The lease of one leader. */
export class LeaderLease {
  readonly #lengthMs: number
  #heardMs: number

  /** @param heardMs - when the question was sent whose answer made it the leader */
  constructor(lengthMs: number, heardMs: number) {
    this.#lengthMs = lengthMs
    this.#heardMs = heardMs
  }

  /** The database answered that this leader leads. @param sentMs - when it was asked */
  heard(sentMs: number): void {
    this.#heardMs = Math.max(this.#heardMs, sentMs)
  }

  /** Whether nobody else can lead at this time. */
  holds(nowMs: number): boolean {
    return nowMs - this.#heardMs < this.#lengthMs
  }
}

/**
 * How long a new leader waits before it tells anything.
 *
 * @param lockedMs - when it got the lock
 * @param released - whether the one before it said that it was done
 */
export function graceMs(
  lengthMs: number,
  released: boolean,
  lockedMs: number,
  nowMs: number,
): number {
  return released ? 0 : Math.max(0, lengthMs - (nowMs - lockedMs))
}
