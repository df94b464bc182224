import { boundText, type Threshold } from './threshold.ts'

/** What came of one threshold. */
export interface Verdict {
  readonly measure: string
  readonly bound: string
  /** Null where there is no such figure. */
  readonly value: number | null
  readonly held: boolean
}

/** Holds figures against thresholds; what is not measured breaks only those that were asked for. */
export function judge(figures: object, thresholds: readonly Threshold[]): Verdict[] {
  return thresholds.flatMap((threshold) => {
    const { equals, isAsked, max, maxShare, measure, min } = threshold
    const value = numberAt(figures, measure)
    if (value === undefined && !isAsked) return []
    const offered = numberAt(figures, 'offered') ?? 0
    const other = equals === undefined ? undefined : numberAt(figures, equals)
    const held =
      value !== undefined &&
      (max === undefined || value <= max) &&
      (min === undefined || value >= min) &&
      (maxShare === undefined || value <= offered * maxShare) &&
      (equals === undefined || value === other)
    const bound = boundText(threshold)
    return [
      {
        measure,
        bound: other === undefined ? bound : `${bound} (${other})`,
        value: value ?? null,
        held,
      },
    ]
  })
}

/** A broken threshold as a sentence. */
export function brokenText({ bound, measure, value }: Verdict): string {
  return `${measure} is ${value ?? 'not measured'}, expected ${bound}`
}

function numberAt(figures: object, path: string): number | undefined {
  let found: unknown = figures
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, name)
  }
  return typeof found === 'number' ? found : undefined
}
