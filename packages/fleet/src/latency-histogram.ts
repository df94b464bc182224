/** Latencies of any spread in a few kilobytes, that add up across processes. */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js'

/** An hour: what takes longer counts as that. */
const MICROSECONDS_MAX = 3_600_000_000
/** Percentiles are exact to a hundredth. */
const DIGITS = 2

/** Recorded in microseconds, told in milliseconds. */
export class LatencyHistogram {
  readonly #histogram: Histogram

  /** @param encoded - another histogram's {@link encoded}, as sent between processes */
  constructor(encoded?: string) {
    this.#histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: MICROSECONDS_MAX,
      numberOfSignificantValueDigits: DIGITS,
      bitBucketSize: 32,
    })
    // Into one of known width: a decoded one is as wide as what it was made of.
    if (encoded !== undefined) this.#histogram.add(decodeFromCompressedBase64(encoded, 32))
  }

  /** How many were recorded. */
  get count(): number {
    return this.#histogram.totalCount
  }

  /** The whole of it as text. */
  get encoded(): string {
    return encodeIntoCompressedBase64(this.#histogram)
  }

  /** @param latencyMs - milliseconds; below zero counts as none */
  record(latencyMs: number): void {
    const microseconds = Math.round(latencyMs * 1000)
    this.#histogram.recordValue(Math.min(Math.max(microseconds, 0), MICROSECONDS_MAX))
  }

  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram)
  }

  /** What was recorded since `earlier`, which is what this one was then. */
  since(earlier: LatencyHistogram): LatencyHistogram {
    const recent = new LatencyHistogram()
    recent.#histogram.add(this.#histogram)
    recent.#histogram.subtract(earlier.#histogram)
    return recent
  }

  /**
   * The latency that `share` of the records do not exceed.
   *
   * @param share - 0.5 for the median, 0.99 for p99, 1 for the longest
   * @returns milliseconds, to a hundredth of itself; undefined without records
   */
  percentile(share: number): number | undefined {
    if (this.count === 0) return undefined
    return Number((this.#histogram.getValueAtPercentile(share * 100) / 1000).toPrecision(3))
  }
}
