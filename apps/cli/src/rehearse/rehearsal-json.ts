/** What a rehearsal came to, for programs: a line a seed, the summary last. */
import {
  doneSecondsAt,
  type RehearsedSeed,
  type SensitivityRow,
  type Spread,
  type Suggested,
} from '@muster/rehearse'
import type { Rehearsed } from './rehearsed.ts'

/** One seed. */
export function seedLine({ asIs, badFirmware, seed }: RehearsedSeed): object {
  return {
    seed,
    completionSeconds: {
      p50: doneSecondsAt(asIs, 50) ?? null,
      p90: doneSecondsAt(asIs, 90) ?? null,
      p99: doneSecondsAt(asIs, 99) ?? null,
      p100: doneSecondsAt(asIs, 100) ?? null,
    },
    status: asIs.status,
    abortedSeconds: asIs.abortedSeconds ?? null,
    succeeded: asIs.succeeded,
    retries: asIs.retries,
    badFirmware: {
      abortedSeconds: badFirmware.abortedSeconds ?? null,
      touched: badFirmware.touched,
      harmed: badFirmware.harmed,
    },
  }
}

/** All seeds; times are those of the median seed, null for what it does not reach. */
export function summaryLine({ goal, outcome, replay, sensitivity, suggested }: Rehearsed): object {
  const { abortProbability, badFirmware, devices, done, seeds, worstSeed } = outcome
  return {
    devices,
    completionSeconds: {
      p50: done[50].median ?? null,
      p90: done[90].median ?? null,
      p99: done[99].median ?? null,
      p100: done[100].median ?? null,
    },
    abortProbability,
    seeds: seeds.length,
    completionSpread: {
      p50: spreadLine(done[50]),
      p90: spreadLine(done[90]),
      p99: spreadLine(done[99]),
      p100: spreadLine(done[100]),
    },
    badFirmware: {
      abortProbability: badFirmware.abortProbability,
      abortedSeconds: spreadLine(badFirmware.abortedSeconds),
      touched: spreadLine(badFirmware.touched),
      harmed: spreadLine(badFirmware.harmed),
    },
    worstSeed: { seed: worstSeed, replay: replay(worstSeed) },
    ...(sensitivity.length > 0 && { sensitivity: sensitivity.map(sensitivityLine) }),
    ...(goal.length > 0 && {
      goal: goal.map(({ met, text, value }) => ({ text, met, value: value ?? null })),
    }),
    ...(suggested !== undefined && { suggestion: suggestionLine(suggested) }),
  }
}

function sensitivityLine({
  asIs,
  factor,
  parameter,
  settings,
  stopped,
  touched,
}: SensitivityRow): object {
  return {
    parameter,
    factor,
    settings,
    touched: spreadLine(touched),
    badFirmwareAbortProbability: stopped,
    done99Seconds: asIs === undefined ? null : spreadLine(asIs.done99Seconds),
    abortProbability: asIs?.abortProbability ?? null,
  }
}

function suggestionLine({ suggestion, tried }: Suggested): object | null {
  if (suggestion === undefined) return null
  const { job, judged, seeds } = suggestion
  const { abortConfig, jobExecutionsRolloutConfig } = job
  const goal = judged.map(({ met, text, value }) => ({ text, met, value: value ?? null }))
  return { job: { jobExecutionsRolloutConfig, abortConfig }, goal, seeds, tried }
}

function spreadLine({ least, median, most, p90 }: Spread): object {
  return {
    least: least ?? null,
    median: median ?? null,
    p90: p90 ?? null,
    most: most ?? null,
  }
}
