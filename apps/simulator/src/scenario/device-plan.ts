/**
 * Who each device is and what it will do, decided by scenario, seed and index alone: the same seed
 * gives the same fleet on any number of processes and hosts.
 */
import { seededRandom, type Random } from '@muster/clock'
import type { DeviceGroup, Duration, JobBehaviour, Scenario } from './scenario.ts'

/** One device's part in the scenario. */
export interface DevicePlan {
  readonly index: number
  readonly thingName: string
  readonly group: DeviceGroup
  readonly behaviour: JobBehaviour
  /** Seed of everything this device decides on its way. */
  readonly seed: number
}

/**
 * Plans the whole fleet. Shares are met exactly (by largest remainder) and dealt out by chance.
 *
 * @param devices - how many, integer ≥ 1
 * @param prefix - thing names are `PREFIX-000017`
 */
export function planFleet(
  scenario: Scenario,
  devices: number,
  seed: number,
  prefix: string,
): DevicePlan[] {
  const random = seededRandom(seed)
  const groups = deal(scenario.groups, devices, random)
  const byGroup = new Map<DeviceGroup, number>()
  for (const group of groups) byGroup.set(group, (byGroup.get(group) ?? 0) + 1)
  const behaviours = new Map<DeviceGroup, JobBehaviour[]>()
  for (const group of scenario.groups) {
    const kinds = group.jobs ?? [{ behaviour: 'succeed' as const }]
    behaviours.set(group, deal(kinds, byGroup.get(group) ?? 0, random))
  }
  const digits = Math.max(5, String(devices - 1).length)
  return groups.map((group, index) => ({
    index,
    thingName: `${prefix}-${String(index).padStart(digits, '0')}`,
    group,
    behaviour: behaviours.get(group)?.pop() ?? { behaviour: 'succeed' },
    seed: mix(seed, index),
  }))
}

/**
 * Draws from a distribution.
 *
 * @returns seconds ≥ 0
 */
export function drawSeconds(duration: Duration, random: Random): number {
  if (typeof duration === 'number') return duration
  switch (duration.distribution) {
    case 'uniform':
      return duration.min + (duration.max - duration.min) * random()
    case 'normal':
      return Math.max(0, duration.mean + duration.deviation * gaussian(random))
    case 'lognormal':
      return duration.median * Math.exp(duration.sigma * gaussian(random))
    case 'exponential':
      return -duration.mean * Math.log(1 - random())
  }
}

/** `count` cards in shuffled order, as many of each kind as its share says. */
function deal<T extends { readonly share?: number }>(
  kinds: readonly T[],
  count: number,
  random: Random,
): T[] {
  const total = kinds.reduce((sum, kind) => sum + (kind.share ?? 1), 0)
  const exact = kinds.map((kind) => (count * (kind.share ?? 1)) / total)
  const counts = exact.map(Math.floor)
  const byRemainder = exact
    .map((share, kind) => ({ kind, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder)
  const missing = count - counts.reduce((sum, part) => sum + part, 0)
  for (const { kind } of byRemainder.slice(0, missing)) counts[kind] = (counts[kind] ?? 0) + 1
  const cards = kinds.flatMap((kind, index) =>
    Array.from({ length: counts[index] ?? 0 }, () => kind),
  )
  for (let last = cards.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[cards[last], cards[other]] = [cards[other] as T, cards[last] as T]
  }
  return cards
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function mix(seed: number, index: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
}
