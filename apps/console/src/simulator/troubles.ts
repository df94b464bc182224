/** What went wrong in a fleet, from the simulator's four counts of it; pure. */
import type { SimulatorState } from './simulator-state.ts'

/** One kind of trouble. */
export interface Trouble {
  readonly kind: 'Denial' | 'Error' | 'Rejected request' | 'Network fault'
  readonly what: string
  readonly times: number
}

/** What happened most often first. */
export function troubles({
  faults,
  errors,
  refusals,
  deniedByReason,
}: Pick<SimulatorState, 'faults' | 'errors' | 'refusals' | 'deniedByReason'>): readonly Trouble[] {
  const of = (kind: Trouble['kind'], counts: Readonly<Record<string, number>>): Trouble[] =>
    Object.entries(counts)
      .filter(([, times]) => times > 0)
      .map(([what, times]) => ({ kind, what, times }))
  return [
    ...of('Denial', deniedByReason),
    ...of('Error', errors),
    ...of('Rejected request', refusals),
    ...of('Network fault', faults),
  ].toSorted((left, right) => right.times - left.times)
}
