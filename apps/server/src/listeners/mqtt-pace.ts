/**
 * The throughput quota of one connection, one way (gateway G35): above it bytes are delayed, never
 * dropped. A second's worth may come at once.
 */
export class MqttPace {
  readonly #bytesPerSecondMax: number
  /** Until when what passed takes at the quota's rate. */
  #paidUntilMs = 0

  constructor(bytesPerSecondMax: number) {
    this.#bytesPerSecondMax = bytesPerSecondMax
  }

  /**
   * Counts bytes that passed.
   *
   * @param nowMs - wall time, any origin
   * @returns how long the next ones must wait, milliseconds; 0 or less: not at all
   */
  take(bytes: number, nowMs: number): number {
    const takesMs = (bytes / this.#bytesPerSecondMax) * 1000
    this.#paidUntilMs = Math.max(this.#paidUntilMs, nowMs - 1000) + takesMs
    return this.#paidUntilMs - nowMs
  }
}
