/** How the answer moves with rate, threshold and minimum: one of them changed at a time. */
import { accept, type Outcome } from '@muster/model'
import { rehearseBadFirmware } from './bad-firmware.ts'
import {
  settingsText,
  withMinimum,
  withRate,
  withThreshold,
  type JobInput,
  type Parameter,
} from './job-variants.ts'
import { rehearseAsIs, type Plan } from './rehearse.ts'
import { doneSecondsAt, type SeedResult } from './seed-result.ts'
import { spread, type Spread } from './spread.ts'

/** A row of the table. */
export interface SensitivityRow {
  readonly parameter: Parameter
  readonly factor: number
  readonly job: JobInput
  readonly settings: string
  readonly touched: Spread
  /** Share of the seeds in which the bad firmware is stopped. */
  readonly stopped: number
  /** As the fleet is; undefined where that was not rehearsed. */
  readonly asIs: { readonly done99Seconds: Spread; readonly abortProbability: number } | undefined
}

const FACTORS = [0.25, 0.5, 2, 4] as const
const VARIANTS: Readonly<Record<Parameter, (job: JobInput, factor: number) => JobInput>> = {
  rate: withRate,
  threshold: (job, factor) => withThreshold(job, (percent) => percent * factor),
  minimum: (job, factor) => withMinimum(job, (things) => things * factor),
}

/** Rows of a table, for who wants to know how many there will be. */
export const SENSITIVITY_ROWS: number = Object.keys(VARIANTS).length * FACTORS.length

/**
 * Rehearses the job with each parameter changed, row by row.
 *
 * @param seeds - of the bad firmware
 * @param asIsSeeds - of the fleet as it is; none leaves that out, which is dear for large fleets
 */
export function* sensitivity(
  plan: Plan,
  seeds: readonly number[],
  asIsSeeds: readonly number[],
): Iterable<Outcome<SensitivityRow>> {
  for (const [parameter, vary] of Object.entries(VARIANTS)) {
    for (const factor of FACTORS) {
      const job = vary(plan.job, factor)
      yield row({ ...plan, job }, parameter as Parameter, factor, seeds, asIsSeeds)
    }
  }
}

function row(
  plan: Plan,
  parameter: Parameter,
  factor: number,
  seeds: readonly number[],
  asIsSeeds: readonly number[],
): Outcome<SensitivityRow> {
  const bad = each(seeds, (seed) => rehearseBadFirmware(plan, seed))
  if (!bad.ok) return bad
  const asIs = each(asIsSeeds, (seed) => rehearseAsIs(plan, seed))
  if (!asIs.ok) return asIs
  return accept({
    parameter,
    factor,
    job: plan.job,
    settings: settingsText(plan.job),
    touched: spread(bad.value.map(({ touched }) => touched)),
    stopped: abortShare(bad.value),
    asIs:
      asIs.value.length === 0
        ? undefined
        : {
            done99Seconds: spread(asIs.value.map((result) => doneSecondsAt(result, 99))),
            abortProbability: abortShare(asIs.value),
          },
  })
}

function each(
  seeds: readonly number[],
  rehearse: (seed: number) => Outcome<SeedResult>,
): Outcome<readonly SeedResult[]> {
  const results: SeedResult[] = []
  for (const seed of seeds) {
    const outcome = rehearse(seed)
    if (!outcome.ok) return outcome
    results.push(outcome.value)
  }
  return accept(results)
}

function abortShare(results: readonly SeedResult[]): number {
  return (
    results.filter(({ abortedSeconds }) => abortedSeconds !== undefined).length / results.length
  )
}
