/**
 * How far a bad firmware gets. An abort stops a rollout after its first things, so only as many devices are
 * imagined as it takes: twice as many when the rollout came to their end. The answer is that of the whole.
 */
import { accept, type Outcome } from '@muster/model'
import { DeviceModels } from './device-models.ts'
import { ALL_BAD } from './fleet.ts'
import type { Plan } from './rehearse.ts'
import { rehearseOnce } from './rehearse-once.ts'
import { seedResult, type SeedResult } from './seed-result.ts'
import { firstNames } from './thing-names.ts'

const FIRST_DEVICES = 4000

/**
 * Rehearses one seed until the job aborts itself.
 *
 * Fails as CreateJob does for a job that AWS would refuse.
 *
 * @param touchedMax - it is enough to know that more devices begin than these
 */
export function rehearseBadFirmware(
  plan: Plan,
  seed: number,
  touchedMax: number = Infinity,
): Outcome<SeedResult> {
  const { fleet, job, known, limits, lookSeconds, names: all, startMs } = plan
  for (let devices = FIRST_DEVICES; ; devices *= 2) {
    const names = firstNames(all, devices)
    const models = new DeviceModels(
      { ...fleet, devices: names.count },
      fleet.badFirmware ?? ALL_BAD,
      seed,
      startMs,
      known && { ...known, groups: known.groups.subarray(0, names.count) },
    )
    const outcome = rehearseOnce({
      job,
      names,
      models,
      startMs,
      endMs: startMs + lookSeconds * 1000,
      untilAbort: true,
      touchedMax,
      untilQueueEnds: names.count < all.count,
      ...(limits !== undefined && { limits }),
    })
    if (!outcome.ok) return outcome
    const isOver = outcome.value.touched > touchedMax
    if (isOver || !outcome.value.queueEnded || names.count === all.count) {
      return accept(seedResult(seed, outcome.value))
    }
  }
}
