/** One line of a benchmark's result. */
export interface Measure {
  readonly name: string
  /** Of `ours` and `peer`. */
  readonly unit: string
  readonly ours: number
  /** The other side, measured in the same run, or the bound that `ours` is held against. */
  readonly peer: number
  /** `ours` to `peer`, whichever way round makes larger better. */
  readonly ratio: number
  /** Largest less smallest ratio of the runs, as a part of the median. */
  readonly spread: number
  readonly runs: number
}

/** A benchmark: what `bench/NAME/main.ts` exports as `run`. */
export type Benchmark = () => Iterable<Measure> | AsyncIterable<Measure>

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** Largest less smallest, as a part of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values)
}
