/** The newest denials, kept as they come: the same one again takes the place of its last telling. */
import type { Denial } from './decision.ts'

/** Most that are kept, as many as the server's log has. */
export const denialsMax = 1000

/**
 * Denials with what was told since, the last that occurred first.
 *
 * @param told - in any order; a telling with a smaller count is an older one
 */
export function withTold(denials: readonly Denial[], told: readonly Denial[]): readonly Denial[] {
  const byId = new Map(denials.map((denial) => [denial.id, denial]))
  for (const denial of told) {
    if ((byId.get(denial.id)?.count ?? 0) <= denial.count) byId.set(denial.id, denial)
  }
  return [...byId.values()]
    .toSorted((left, right) => right.lastAtMs - left.lastAtMs)
    .slice(0, denialsMax)
}
