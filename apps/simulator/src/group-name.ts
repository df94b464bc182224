import { createHash } from 'node:crypto'
import type { TopicRights } from '@muster/fleet/control'
import type { Scenario } from './scenario/scenario.ts'
import { hasTopicRights, topicRights } from './scenario/topic-rights.ts'

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
  const rights = topicRights(scenario)
  // A fleet with other topics needs another policy, which those that join a group are given.
  const topics = hasTopicRights(rights) ? [rightsMark(rights)] : []
  return `${prefix}-${mark(JSON.stringify([devices, seed, parts, ...names, ...topics]))}`
}

/** Tells policies apart by what they allow. */
export function rightsMark(rights: TopicRights): string {
  return mark(JSON.stringify(rights))
}

function mark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/** The thing group of one of the scenario's groups. */
export function groupName(rootGroup: string, group: string): string {
  return `${rootGroup}-${group}`
}
