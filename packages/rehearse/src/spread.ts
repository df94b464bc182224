/** A figure over several seeds. */

/** From the best seed to the worst; undefined stands for what was not reached. */
export interface Spread {
  readonly least: number | undefined
  readonly median: number | undefined
  readonly p90: number | undefined
  readonly most: number | undefined
}

/** Sorts a figure of each seed; what was not reached comes last. */
export function spread(values: readonly (number | undefined)[]): Spread {
  const sorted = values.map((value) => value ?? Infinity).sort((left, right) => left - right)
  const at = (share: number): number | undefined => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Infinity
    return value === Infinity ? undefined : value
  }
  return { least: at(0), median: at(0.5), p90: at(0.9), most: at(1) }
}
