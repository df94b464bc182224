/**
 * Values on both sides of every boundary that conditions on numbers, dates and addresses draw.
 */
import type { CompiledCondition } from '../compile/compiled-policy.ts'
import { dateMs } from '../decide/evaluate-condition.ts'
import { addressesAround } from '../decide/ip-address.ts'

/** Candidates that together answer the conditions in every way that a value can. */
export function comparedCandidates(
  conditions: readonly CompiledCondition[],
  further: readonly string[],
): readonly string[] {
  const values = (start: string): readonly string[] =>
    conditions
      .filter(({ source }) => source.operator.comparison.startsWith(start))
      .flatMap(({ source }) => source.values)
  const candidates = new Set<string>()
  const addresses = values('IpAddress')
  if (addresses.length > 0)
    for (const address of addressesAround(addresses)) candidates.add(address)
  for (const number of around(values('Numeric').map(Number))) candidates.add(String(number))
  for (const instant of around(values('Date').map(dateMs))) {
    const written = dateText(instant)
    if (written !== undefined) candidates.add(written)
  }
  for (const value of further) candidates.add(value)
  return [...candidates]
}

/** A date that is read as an instant; undefined where neither form of dates reaches. */
function dateText(instantMs: number): string | undefined {
  if (Math.abs(instantMs) > 8.64e15) return undefined
  const texts = [new Date(instantMs).toISOString(), String(instantMs / 1000)]
  // Seconds are fractions: what they are read as is next to what was written.
  return texts.find((text) => Math.abs(dateMs(text) - instantMs) < 0.25)
}

/** The numbers themselves, one between each two, and one beyond each end. */
function around(numbers: readonly number[]): readonly number[] {
  const sorted = [...new Set(numbers.filter(Number.isFinite))].sort((left, right) => left - right)
  const [least] = sorted
  const most = sorted.at(-1)
  if (least === undefined || most === undefined) return []
  const between = sorted.slice(1).map((number, index) => (number + (sorted[index] ?? number)) / 2)
  return [least - 1, ...sorted, ...between, most + 1]
}
