/**
 * Values on both sides of every boundary that conditions on numbers, dates and addresses draw.
 */
import type { CompiledCondition } from '../compile/compiled-policy.ts'
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
  const instants = values('Date').map((text) =>
    /^\d{5,}(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text),
  )
  for (const instant of around(instants)) {
    if (Math.abs(instant) < 8.64e15) candidates.add(new Date(instant).toISOString())
  }
  for (const value of further) candidates.add(value)
  return [...candidates]
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
