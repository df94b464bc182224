/** Each bucket is 5 % wider than the one before: percentiles are that exact. */
const GROWTH = Math.log(1.05)

/** Latencies in buckets of constant relative width; adds up across processes. */
export class LatencyHistogram {
  /** Count by bucket number. */
  readonly buckets: number[]
  #count = 0

  /** @param buckets - from another histogram's {@link buckets}, as sent between processes */
  constructor(buckets: readonly (number | null)[] = []) {
    this.buckets = Array.from(buckets, (count) => count ?? 0)
    for (const count of this.buckets) this.#count += count
  }

  get count(): number {
    return this.#count
  }

  /** @param latencyMs - milliseconds ≥ 0 */
  record(latencyMs: number): void {
    const bucket = Math.max(0, Math.ceil(Math.log(Math.max(latencyMs, 1)) / GROWTH))
    while (this.buckets.length <= bucket) this.buckets.push(0)
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1
    this.#count++
  }

  add(other: LatencyHistogram): void {
    for (const [bucket, count] of other.buckets.entries()) {
      while (this.buckets.length <= bucket) this.buckets.push(0)
      this.buckets[bucket] = (this.buckets[bucket] ?? 0) + count
    }
    this.#count += other.count
  }

  /**
   * The latency that `share` of the records do not exceed.
   *
   * @param share - 0.5 for the median, 0.99 for p99
   * @returns milliseconds, at most 5 % too high; undefined without records
   */
  percentile(share: number): number | undefined {
    if (this.#count === 0) return undefined
    let left = Math.ceil(this.#count * share)
    for (const [bucket, count] of this.buckets.entries()) {
      left -= count
      if (left <= 0) return Math.round(Math.exp(bucket * GROWTH))
    }
    return undefined
  }
}
