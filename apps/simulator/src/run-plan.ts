/**
 * Who takes part in a run, decided before anything is asked of a server.
 */
import { IdentityFolder } from '@muster/fleet'
import type { TopicRights } from '@muster/fleet/control'
import { rightsMark, rootGroupName } from './group-name.ts'
import { planFleet, type DevicePlan } from './scenario/device-plan.ts'
import { durationSeconds as scenarioSeconds, roundsOf } from './scenario/rounds.ts'
import type { Scenario } from './scenario/scenario.ts'
import { hasTopicRights, topicRights } from './scenario/topic-rights.ts'

/** One host's part of a fleet: `index` from 0 to `count - 1`. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** What a plan is made from; see `SimulateOptions` for the defaults. */
export interface RunPlanOptions {
  readonly scenario: Scenario
  readonly devices?: number
  readonly seed?: number
  readonly prefix?: string
  readonly certificateFolder?: string
  readonly shard?: Shard
  readonly durationSeconds?: number
}

/** The fleet of a run. */
export interface RunPlan {
  readonly scenario: Scenario
  readonly seed: number
  readonly prefix: string
  /** Thing names, where they do not come from the prefix. */
  readonly names: readonly string[] | undefined
  /** Thing group of the whole fleet. */
  readonly rootGroup: string
  /** Policy of the fleet's certificates. */
  readonly policyName: string
  readonly shard: Shard
  /** How long what follows connecting is repeated; undefined: it is done once. */
  readonly soakSeconds: number | undefined
  /** What the policy allows its devices beside their jobs. */
  readonly topicRights: TopicRights
  /** Whether devices publish or hear anything beside their jobs. */
  readonly publishes: boolean
  /** The fleet of all shards. */
  readonly plans: readonly DevicePlan[]
  /** This shard's part. */
  readonly mine: readonly DevicePlan[]
}

/**
 * Plans a run.
 *
 * @throws Error when the certificate folder has no certificates, or what should be repeated cannot be
 */
export function planRun(options: RunPlanOptions): RunPlan {
  const { scenario, certificateFolder, shard = { index: 0, count: 1 } } = options
  const names =
    certificateFolder === undefined ? undefined : new IdentityFolder(certificateFolder).names()
  if (names?.length === 0) throw new Error(`${certificateFolder}: no certificates`)
  const wanted = options.devices ?? (names === undefined ? scenario.devices : names.length) ?? 100
  const devices = names === undefined ? wanted : Math.min(names.length, wanted)
  const seed = options.seed ?? scenario.seed ?? 1
  const prefix = options.prefix ?? scenario.name
  const plans = planFleet(scenario, devices, seed, prefix, names)
  const rights = topicRights(scenario)
  const publishes = hasTopicRights(rights)
  return {
    scenario,
    seed,
    prefix,
    names,
    rootGroup: rootGroupName(prefix, scenario, devices, seed, names),
    policyName: publishes ? `${prefix}-device-${rightsMark(rights)}` : `${prefix}-device`,
    soakSeconds: soakSeconds(options),
    topicRights: rights,
    publishes,
    shard,
    plans,
    mine: plans.filter((plan) => plan.index % shard.count === shard.index),
  }
}

function soakSeconds({ durationSeconds, scenario, shard }: RunPlanOptions): number | undefined {
  const seconds = durationSeconds ?? scenarioSeconds(scenario)
  if (seconds === undefined) return undefined
  if (shard !== undefined && shard.count > 1) {
    throw new Error(
      'a soak (`duration`) is for one host: shards would not agree on their last round',
    )
  }
  const { round } = roundsOf(scenario.phases ?? [])
  const [once] = round.filter((phase) => 'revoke' in phase)
  if (once === undefined) return seconds
  throw new Error(
    `scenario \`${scenario.name}\` revokes certificates, which cannot be done again and again: expected no \`duration\``,
  )
}
