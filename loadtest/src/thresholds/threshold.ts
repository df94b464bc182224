/** What a run must keep to. */

/** A bound on one measure: a number of the summary, by its path in the JSON line. */
export interface Threshold {
  /** `latencyMs.p99`. */
  readonly measure: string
  readonly max?: number
  readonly min?: number
  /** Of what was offered, 0 to 1. */
  readonly maxShare?: number
  /** The path of the measure that it must be equal to. */
  readonly equals?: string
  /** Whether a measure that there is none of is as good as a broken one: who asks for it wants it. */
  readonly isAsked: boolean
}

/** A threshold in a few words. */
export function boundText({ equals, max, maxShare, min }: Threshold): string {
  const parts = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(maxShare === undefined ? [] : [`at most ${maxShare * 100} % of what is offered`]),
    ...(equals === undefined ? [] : [`equal to ${equals}`]),
  ]
  return parts.join(', ')
}
