/** Choices of a run, all of them from its seed. */
import { seededRandom } from '@muster/clock'

/** From 0 to below 1. */
export type Random = () => number

/** Chance that comes again with the same seed. */
export function randomOf(seed: number): Random {
  return seededRandom(seed)
}

/** An integer from 0 to below `most`; 0 where there is none. */
export function below(random: Random, most: number): number {
  return Math.floor(random() * most)
}

/** Any of them; undefined of none. */
export function oneOf<T>(random: Random, all: readonly T[]): T | undefined {
  return all[below(random, all.length)]
}
