/**
 * Whom a job is for (jobs J66, J75, J76).
 */
import { nameInArn } from '@muster/model'
import type { JobConfig } from './job.ts'
import type { JobsContext } from './ports.ts'

/** A job's targets by name. */
export interface TargetNames {
  readonly things: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
}

const byConfig = new WeakMap<JobConfig, TargetNames>()

/** The things and groups among a job's target ARNs. */
export function targetNames(ctx: JobsContext, config: JobConfig): TargetNames {
  const known = byConfig.get(config)
  if (known !== undefined) return known
  const things = new Set<string>()
  const groups = new Set<string>()
  for (const arn of config.targets) {
    const thing = nameInArn(ctx.account, 'thing', arn)
    const group = nameInArn(ctx.account, 'thinggroup', arn)
    if (thing !== undefined) things.add(thing)
    if (group !== undefined) groups.add(group)
  }
  const names = { things, groups }
  byConfig.set(config, names)
  return names
}

/** Every thing that the targets reach now, each once (jobs J76). */
export function resolveTargets(ctx: JobsContext, names: TargetNames): readonly string[] {
  const found = new Set<string>(names.things)
  for (const group of names.groups) {
    for (const thingName of ctx.registry.thingsInGroup(group)) found.add(thingName)
  }
  return [...found]
}

/** Whether any target still reaches the thing (jobs J76). */
export function isCovered(ctx: JobsContext, config: JobConfig, thingName: string): boolean {
  if (!ctx.registry.thingExists(thingName)) return false
  const { things, groups } = targetNames(ctx, config)
  if (things.has(thingName)) return true
  for (const group of ctx.registry.groupsOfThing(thingName)) {
    if (groups.has(group)) return true
  }
  return false
}
