/**
 * Who each device is and what it will do, decided by scenario, seed and index alone: the same seed
 * gives the same fleet on any number of processes and hosts.
 */
import { seededRandom, type Random } from '@muster/clock'
import type { DeviceGroup, JobBehaviour, JobBehaviourName, Scenario } from './scenario.ts'

/** One device's part in the scenario. */
export interface DevicePlan {
  readonly index: number
  readonly thingName: string
  readonly group: DeviceGroup
  readonly behaviour: JobBehaviour
  /** Seed of everything this device decides on its way. */
  readonly seed: number
}

const SUCCEED: JobBehaviour = { behaviour: 'succeed' }

/**
 * Plans the whole fleet. Shares are met exactly (by largest remainder) and dealt out by chance.
 *
 * @param devices - how many, integer ≥ 1
 * @param prefix - thing names are `PREFIX-00017`
 * @param names - names to use instead, one for each device
 */
export function planFleet(
  scenario: Scenario,
  devices: number,
  seed: number,
  prefix: string,
  names?: readonly string[],
): DevicePlan[] {
  const random = seededRandom(seed)
  const groups = deal(scenario.groups, devices, random)
  const sizes = new Map<DeviceGroup, number>()
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const behaviours = new Map<DeviceGroup, JobBehaviour[]>()
  for (const group of scenario.groups) {
    behaviours.set(group, deal(group.jobs ?? [SUCCEED], sizes.get(group) ?? 0, random))
  }
  const digits = Math.max(5, String(devices - 1).length)
  return groups.map((group, index) => ({
    index,
    thingName: names?.[index] ?? `${prefix}-${String(index).padStart(digits, '0')}`,
    group,
    behaviour: behaviours.get(group)?.pop() ?? SUCCEED,
    seed: mix(seed, index),
  }))
}

/** Executions by final status that the behaviours come to, without abort or cancellation. */
export interface PlannedOutcomes {
  readonly succeeded: number
  readonly failed: number
  readonly rejected: number
  readonly timedOut: number
}

const OUTCOME: Readonly<Record<JobBehaviourName, keyof PlannedOutcomes>> = {
  succeed: 'succeeded',
  fail: 'failed',
  reject: 'rejected',
  hang: 'timedOut',
  crash: 'succeeded',
  'duplicate-update': 'succeeded',
  'lost-reply': 'succeeded',
  'out-of-order': 'succeeded',
  'stale-version': 'succeeded',
  'forget-step-timer': 'timedOut',
  'wrong-digest': 'failed',
  'cut-download': 'succeeded',
}

/** What one job on these devices should come to. */
export function plannedOutcomes(plans: readonly DevicePlan[]): PlannedOutcomes {
  const planned = { succeeded: 0, failed: 0, rejected: 0, timedOut: 0 }
  for (const { behaviour } of plans) planned[OUTCOME[behaviour.behaviour]]++
  return planned
}

/** Denials that the hostile acts of these devices must meet. */
export function plannedDenials(plans: readonly DevicePlan[]): number {
  let denials = 0
  for (const { group } of plans) {
    for (const { act, times = 1 } of group.hostile ?? []) {
      if (act !== 'cloned-client-id') denials += times
    }
  }
  return denials
}

/** `count` cards in shuffled order, as many of each kind as its share says. */
export function deal<T extends { readonly share?: number }>(
  kinds: readonly T[],
  count: number,
  random: Random,
): T[] {
  const total = kinds.reduce((sum, kind) => sum + (kind.share ?? 1), 0)
  const exact = kinds.map((kind) => (count * (kind.share ?? 1)) / total)
  const counts = exact.map((share) => Math.floor(share + 1e-9))
  const byRemainder = exact
    .map((share, kind) => ({ kind, remainder: share - Math.floor(share + 1e-9) }))
    .sort((a, b) => b.remainder - a.remainder || a.kind - b.kind)
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

function mix(seed: number, index: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
}
