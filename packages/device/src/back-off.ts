/** Growing waits between attempts. */
export interface BackOff {
  /** Wait before the first retry, milliseconds. */
  readonly firstMs: number
  /** No wait is longer than this, milliseconds. */
  readonly maxMs: number
  /**
   * Share of the wait that chance decides: 0 waits exactly, 1 anywhere from 0 to the full wait.
   * Devices that lost the same server then do not come back at once.
   */
  readonly jitter: number
}

/** What a device does unless told otherwise: 1 s doubling to 2 minutes, half of it by chance. */
export const RECONNECT_BACK_OFF: BackOff = { firstMs: 1000, maxMs: 120_000, jitter: 0.5 }

/** Between attempts of a request that was throttled or not answered (jobs 9, DC: 10 s to 640 s). */
export const REQUEST_BACK_OFF: BackOff = { firstMs: 10_000, maxMs: 640_000, jitter: 0.2 }

/**
 * The wait before retry number `attempt`.
 *
 * @param attempt - 0 for the first retry
 * @param chance - number in [0, 1)
 * @returns milliseconds, at most `maxMs`
 */
export function backOffMs(backOff: BackOff, attempt: number, chance: number): number {
  const fullMs = Math.min(backOff.maxMs, backOff.firstMs * 2 ** Math.min(attempt, 30))
  return Math.round(fullMs * (1 - backOff.jitter * chance))
}
