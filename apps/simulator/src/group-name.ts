import { createHash } from 'node:crypto'
import type { Scenario } from './scenario/scenario.ts'

/**
 * The thing group that holds exactly this fleet: the same plan finds its members again, another
 * plan (more devices, other shares or seed) gets another group.
 */
export function rootGroupName(
  prefix: string,
  scenario: Scenario,
  devices: number,
  seed: number,
  names: readonly string[] = [],
): string {
  const parts = scenario.groups.map(({ name, share = 1 }) => [name, share])
  const plan = JSON.stringify([devices, seed, parts, ...names])
  return `${prefix}-${createHash('sha256').update(plan).digest('hex').slice(0, 8)}`
}

/** The thing group of one of the scenario's groups. */
export function groupName(rootGroup: string, group: string): string {
  return `${rootGroup}-${group}`
}
