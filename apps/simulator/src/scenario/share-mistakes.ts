/** A list of shares that cannot be met: where, and why. */
export interface ShareMistake {
  /** Place of the entry at which the sum goes above 1. */
  readonly index: number
  readonly message: string
}

/** What binary fractions may be off. */
const TOLERANCE = 1e-6

/**
 * Shares are weights, but who writes 0.7 means seven tenths: fractions that come to more than the
 * whole are a mistake. Those that are left out are weights and do not count.
 */
export function shareMistake(
  entries: readonly { readonly share?: number }[],
): ShareMistake | undefined {
  const shares = entries.map(({ share }) => share ?? 0)
  if (!shares.some((share) => share > 0 && share < 1)) return undefined
  const sum = shares.reduce((total, share) => total + share, 0)
  if (sum <= 1 + TOLERANCE) return undefined
  let total = 0
  const index = shares.findIndex((share) => (total += share) > 1 + TOLERANCE)
  const found = Number(sum.toFixed(6))
  return {
    index,
    message: `expected fractions that sum to at most 1, or whole numbers as weights: these sum to ${found}`,
  }
}
