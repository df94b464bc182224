/** What a rehearsal came to, for people. */
import {
  TOLD_PERCENT,
  type JudgedTerm,
  type SensitivityRow,
  type Spread,
  type Suggested,
} from '@muster/rehearse'
import { counted } from '../counted.ts'
import type { Rehearsed } from './rehearsed.ts'

/** The text of a rehearsal, a line each. */
export function rehearsalText(rehearsed: Rehearsed): readonly string[] {
  const { fleetName, goal, lookSeconds, outcome, replay, sensitivity, startMs, suggested } =
    rehearsed
  const { badFirmware, devices, done, seeds, worstSeed } = outcome
  const created = new Date(startMs).toISOString().slice(0, 16).replace('T', ' ')
  const count = (value: number | undefined): string => numberText(value ?? 0)
  const range = ({ least, median, most }: Spread): string =>
    `${count(median)}${least === most ? '' : ` (${count(least)} to ${count(most)})`}`
  const bad = badFirmware.abortProbability
  const after = timeText(badFirmware.abortedSeconds.median)
  return [
    `${numberText(devices)} ${devices === 1 ? 'device' : 'devices'} of ${fleetName}, ${counted(seeds.length, 'seed')}; created ${created} UTC, looked at for ${timeText(lookSeconds)}`,
    '',
    ...table([
      ['devices done', 'median', 'fastest', 'slowest'],
      ...TOLD_PERCENT.map((percent) => {
        const { least, median, most } = done[percent]
        return [`${percent} %`, timeText(median), timeText(least), timeText(most)]
      }),
    ]),
    '',
    `succeeded     ${range(outcome.succeeded)}`,
    `retries       ${range(outcome.retries)}`,
    `abort         in ${percentText(outcome.abortProbability)} of the seeds`,
    `bad firmware  begins on ${range(badFirmware.touched)} devices, is bad for ${range(badFirmware.harmed)} of them`,
    bad === 0
      ? '              and no abort stops it'
      : `              aborted in ${percentText(bad)} of the seeds, after ${after} in the median`,
    `worst seed    ${worstSeed}: ${replay(worstSeed)}`,
    ...(sensitivity.length === 0 ? [] : ['', ...sensitivityText(rehearsed)]),
    ...(goal.length === 0 ? [] : ['']),
    ...goal.map(
      (term) => `${term.met ? 'goal met    ' : 'goal missed '}  ${term.text}: ${goalValue(term)}`,
    ),
    ...(suggested === undefined ? [] : suggestionText(suggested)),
  ]
}

function sensitivityText({ outcome, sensitivity, settings }: Rehearsed): readonly string[] {
  const row = (
    name: string,
    job: string,
    touched: Spread,
    asIs: SensitivityRow['asIs'],
  ): string => {
    const { median, most } = touched
    const told = `${numberText(median ?? 0)} (${numberText(most ?? 0)})`
    const done = asIs === undefined ? '–' : timeText(asIs.done99Seconds.median)
    return `${name.padEnd(17)} ${told.padEnd(17)} ${done.padEnd(10)} ${job}`
  }
  const given = { done99Seconds: outcome.done[99], abortProbability: outcome.abortProbability }
  return [
    `${'what if'.padEnd(17)} ${'touched (worst)'.padEnd(17)} ${'99 % done'.padEnd(10)} job`,
    row('as it is', settings, outcome.badFirmware.touched, given),
    ...sensitivity.map(({ asIs, factor, parameter, settings: job, touched }) =>
      row(`${parameter} × ${factor}`, job, touched, asIs),
    ),
  ]
}

/** What would meet the goal. */
export function suggestionText({ suggestion, tried }: Suggested): readonly string[] {
  if (suggestion === undefined) return [`none of ${tried} other jobs that were tried meets it`]
  const { job, judged, seeds, settings } = suggestion
  const { abortConfig, jobExecutionsRolloutConfig } = job
  const figures = judged.map((term) => `${term.text}: ${goalValue(term)}`).join(', ')
  return [
    `suggestion    ${settings}`,
    `              ${figures}, on ${counted(seeds, 'seed')}`,
    `              ${JSON.stringify({ jobExecutionsRolloutConfig, abortConfig })}`,
  ]
}

/** What a term came to. */
export function goalValue({ measure, value }: JudgedTerm): string {
  if (measure === 'abort') return percentText(value ?? 0)
  return measure.startsWith('done') ? timeText(value) : numberText(value ?? 0)
}

/** `45s`, `12m 30s`, `16h 40m`, `3d 4h`; `never` for what is not reached. */
export function timeText(seconds: number | undefined): string {
  if (seconds === undefined) return 'never'
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['m', Math.floor(seconds / 60) % 60],
    ['s', Math.round(seconds) % 60],
  ] as const
  const first = units.findIndex(([, amount]) => amount > 0)
  if (first < 0) return '0s'
  const told = units.slice(first, first + 2).filter(([, amount]) => amount > 0)
  return told.map(([unit, amount]) => `${amount}${unit}`).join(' ')
}

/** `12,345`. */
export function numberText(value: number): string {
  return value.toLocaleString('en-US')
}

/** `5 %` of a share from 0 to 1. */
export function percentText(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map(([name = '', ...cells]) =>
    [name.padEnd(14), ...cells.map((cell) => cell.padEnd(12))].join('').trimEnd(),
  )
}
