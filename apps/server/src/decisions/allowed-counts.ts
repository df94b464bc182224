/**
 * How often each action was allowed. Every message asks, so counting is an addition to a number that
 * whoever counts has at hand.
 */

/** One action's number. */
export interface AllowedCount {
  total: number
}

/** Numbers by action, since the start. */
export class AllowedCounts {
  readonly #byAction = new Map<string, AllowedCount>()
  /** The two that messages ask for. */
  readonly publish: AllowedCount = this.of('iot:Publish')
  readonly receive: AllowedCount = this.of('iot:Receive')

  /** An action's number; actions are those of policies, which are few. */
  of(action: string): AllowedCount {
    let count = this.#byAction.get(action)
    if (count === undefined) {
      count = { total: 0 }
      this.#byAction.set(action, count)
    }
    return count
  }

  /** Actions that were allowed at all. */
  *entries(): Generator<readonly [action: string, total: number]> {
    for (const [action, { total }] of this.#byAction) if (total > 0) yield [action, total]
  }
}
