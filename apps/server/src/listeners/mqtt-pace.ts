/**
 * The throughput quota of one connection, one way (gateway G35): above it bytes are delayed, never
 * dropped. A second's worth may come at once.
 */
export class MqttPace {
  readonly #bytesPerSecondMax: number | undefined
  readonly #onPaid: () => void
  /** Until when what passed takes at the quota's rate; wall time, any origin. */
  #paidUntilMs = 0
  #timer: NodeJS.Timeout | undefined

  /**
   * @param bytesPerSecondMax - undefined: any amount
   * @param onPaid - called when the next bytes may pass again
   */
  constructor(bytesPerSecondMax: number | undefined, onPaid: () => void) {
    this.#bytesPerSecondMax = bytesPerSecondMax
    this.#onPaid = onPaid
  }

  /** Whether the next bytes must wait. */
  get holds(): boolean {
    return this.#timer !== undefined
  }

  /** Counts bytes that passed. */
  take(bytes: number): void {
    if (this.#bytesPerSecondMax === undefined) return
    const nowMs = performance.now()
    const takesMs = (bytes / this.#bytesPerSecondMax) * 1000
    this.#paidUntilMs = Math.max(this.#paidUntilMs, nowMs - 1000) + takesMs
    if (this.#paidUntilMs <= nowMs || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#onPaid()
    }, this.#paidUntilMs - nowMs)
  }

  /** The connection is gone. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
