/** Quantities that vary, drawn from seeded randomness. */
import type { Random } from './seeded-random.ts'

/** A number, or the distribution it is drawn from. */
export type Quantity =
  | number
  | { readonly distribution: 'uniform'; readonly min: number; readonly max: number }
  | { readonly distribution: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly distribution: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly distribution: 'exponential'; readonly mean: number }

/**
 * Draws from a distribution.
 *
 * @returns a number ≥ 0
 */
export function draw(quantity: Quantity, random: Random): number {
  if (typeof quantity === 'number') return quantity
  switch (quantity.distribution) {
    case 'uniform':
      return quantity.min + (quantity.max - quantity.min) * random()
    case 'normal':
      return Math.max(0, quantity.mean + quantity.deviation * gaussian(random))
    case 'lognormal':
      return quantity.median * Math.exp(quantity.sigma * gaussian(random))
    case 'exponential':
      return -quantity.mean * Math.log(1 - random())
  }
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
