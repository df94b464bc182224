/** A rollout over many seeds: as the fleet is, and what if the firmware is bad. */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import type { JobsLimits } from '@muster/jobs'
import { accept, type Outcome } from '@muster/model'
import { rehearseBadFirmware } from './bad-firmware.ts'
import { DeviceModels, type KnownDevices } from './device-models.ts'
import type { Fleet } from './fleet.ts'
import { rehearseOnce } from './rehearse-once.ts'
import {
  CURVE_POINTS,
  doneSecondsAt,
  seedResult,
  TOLD_PERCENT,
  type SeedResult,
} from './seed-result.ts'
import { spread, type Spread } from './spread.ts'
import type { ThingNames } from './thing-names.ts'

/** What is rehearsed, over which seeds. */
export interface Plan {
  readonly job: Partial<CreateJobRequest>
  readonly fleet: Fleet
  readonly names: ThingNames
  /** Present where the devices are those of a registry. */
  readonly known?: KnownDevices
  /** When the job is created, epoch milliseconds. */
  readonly startMs: number
  /** How long is looked, seconds. */
  readonly lookSeconds: number
  readonly limits?: Partial<JobsLimits>
}

/** One seed, both ways. */
export interface RehearsedSeed {
  readonly seed: number
  /** As the fleet is. */
  readonly asIs: SeedResult
  /** What if the firmware is bad: until the abort, or to the end where none comes. */
  readonly badFirmware: SeedResult
}

/** All seeds together. */
export interface Rehearsal {
  readonly devices: number
  readonly seeds: readonly RehearsedSeed[]
  /** Seconds until so many per cent of the devices are done. */
  readonly done: Readonly<Record<(typeof TOLD_PERCENT)[number], Spread>>
  /** The same until 1, 2, … 100 per cent are done. */
  readonly curve: readonly Spread[]
  /** Share of the seeds in which the job aborts itself, from 0 to 1. */
  readonly abortProbability: number
  readonly succeeded: Spread
  readonly retries: Spread
  readonly badFirmware: {
    readonly abortProbability: number
    readonly abortedSeconds: Spread
    /** Devices that begin the bad firmware. */
    readonly touched: Spread
    /** Those of them that it is bad for. */
    readonly harmed: Spread
  }
  /** The seed whose devices are done last, and among equals the one with most devices touched. */
  readonly worstSeed: number
}

/**
 * Rehearses one seed.
 *
 * Fails as CreateJob does for a job that AWS would refuse.
 */
export function rehearseSeed(plan: Plan, seed: number): Outcome<RehearsedSeed> {
  const asIs = rehearseAsIs(plan, seed)
  if (!asIs.ok) return asIs
  const badFirmware = rehearseBadFirmware(plan, seed)
  if (!badFirmware.ok) return badFirmware
  return accept({ seed, asIs: asIs.value, badFirmware: badFirmware.value })
}

/** The fleet as it is. */
export function rehearseAsIs(plan: Plan, seed: number): Outcome<SeedResult> {
  const { fleet, job, known, limits, lookSeconds, names, startMs } = plan
  const { bad = [] } = fleet
  const outcome = rehearseOnce({
    job,
    names,
    models: new DeviceModels({ ...fleet, devices: names.count }, bad, seed, startMs, known),
    startMs,
    endMs: startMs + lookSeconds * 1000,
    ...(limits !== undefined && { limits }),
  })
  return outcome.ok ? accept(seedResult(seed, outcome.value)) : outcome
}

/** Puts seeds together. */
export function rehearsal(devices: number, seeds: readonly RehearsedSeed[]): Rehearsal {
  const of = (figure: (seed: RehearsedSeed) => number | undefined): Spread =>
    spread(seeds.map(figure))
  const share = (holds: (seed: RehearsedSeed) => boolean): number =>
    seeds.filter(holds).length / seeds.length
  const done = Object.fromEntries(
    TOLD_PERCENT.map((percent) => [percent, of(({ asIs }) => doneSecondsAt(asIs, percent))]),
  ) as Rehearsal['done']
  return {
    devices,
    seeds,
    done,
    curve: Array.from({ length: CURVE_POINTS }, (_, point) => of(({ asIs }) => asIs.curve[point])),
    abortProbability: share(({ asIs }) => asIs.abortedSeconds !== undefined),
    succeeded: of(({ asIs }) => asIs.succeeded),
    retries: of(({ asIs }) => asIs.retries),
    badFirmware: {
      abortProbability: share(({ badFirmware }) => badFirmware.abortedSeconds !== undefined),
      abortedSeconds: of(({ badFirmware }) => badFirmware.abortedSeconds),
      touched: of(({ badFirmware }) => badFirmware.touched),
      harmed: of(({ badFirmware }) => badFirmware.harmed),
    },
    worstSeed: worstSeed(seeds),
  }
}

/** Where not even the worst reach 99 per cent, an earlier point tells them apart. */
function worstSeed(seeds: readonly RehearsedSeed[]): number {
  const lateness = ({ asIs }: RehearsedSeed, percent: number): number =>
    doneSecondsAt(asIs, percent) ?? Infinity
  const [worst] = [...seeds].sort((left, right) => {
    for (const percent of [99, 90, 50]) {
      const [one, other] = [lateness(left, percent), lateness(right, percent)]
      if (one !== other) return other > one ? 1 : -1
    }
    return right.badFirmware.touched - left.badFirmware.touched || left.seed - right.seed
  })
  return worst?.seed ?? 0
}
