/** A rehearsal as one HTML page that opens from disk. */
import { linePlot, reportPage, type Fact, type Series, type TimeAxis } from '@muster/fleet/report'
import { TOLD_PERCENT, type SensitivityRow, type Spread, type Suggested } from '@muster/rehearse'
import { barPlot, type Bar } from './bar-plot.ts'
import { goalValue, numberText, percentText, suggestionText, timeText } from './rehearsal-text.ts'
import type { Rehearsed } from './rehearsed.ts'

const AXES: readonly TimeAxis[] = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3600 },
  { unit: 'min', seconds: 60 },
  { unit: 's', seconds: 1 },
]

/** Writes the page. */
export function rehearsalPage(rehearsed: Rehearsed, summary: object): string {
  const { goal, outcome, settings, suggested } = rehearsed
  const missed = goal.filter(({ met }) => !met)
  const verdict =
    goal.length === 0
      ? `${numberText(outcome.devices)} devices, ${outcome.seeds.length} seeds: ${settings}`
      : missed.length === 0
        ? `the goal is met: ${goal.map(({ text }) => text).join(', ')}`
        : `the goal is missed: ${missed.map(({ text }) => text).join(', ')}`
  return reportPage({
    title: `Rehearsal on ${rehearsed.fleetName}`,
    kind: 'rollout rehearsal',
    description: settings,
    ok: missed.length === 0,
    verdict,
    failures: [
      ...missed.map((term) => `${term.text}: ${goalValue(term)}`),
      ...(suggested !== undefined && suggested.suggestion === undefined
        ? suggestionText(suggested)
        : []),
    ],
    sections: [
      { facts: facts(rehearsed), plots: plots(rehearsed) },
      { heading: 'Devices done', table: doneTable(rehearsed) },
      ...(rehearsed.sensitivity.length === 0
        ? []
        : [
            {
              heading: 'What if the job were another',
              table: sensitivityTable(rehearsed.sensitivity),
              plots: [touchedPlot(rehearsed), ...donePlot(rehearsed)],
            },
          ]),
      ...(suggested?.suggestion === undefined ? [] : [suggestionSection(suggested)]),
    ],
    summary,
  })
}

function facts({ lookSeconds, outcome, replay, startMs }: Rehearsed): readonly Fact[] {
  const { abortProbability, badFirmware, devices, retries, seeds, succeeded, worstSeed } = outcome
  const created = new Date(startMs).toISOString().slice(0, 16).replace('T', ' ')
  return [
    ['devices', `${numberText(devices)}, ${seeds.length} seeds`],
    ['created', `${created} UTC, looked at for ${timeText(lookSeconds)}`],
    ['succeeded', spreadText(succeeded)],
    ['retries', spreadText(retries)],
    ['aborted', `${percentText(abortProbability)} of the seeds`],
    ['a bad firmware begins on', `${spreadText(badFirmware.touched)} devices`],
    ['and is bad for', spreadText(badFirmware.harmed)],
    [
      'it is aborted',
      `in ${percentText(badFirmware.abortProbability)} of the seeds, after ${timeText(badFirmware.abortedSeconds.median)} in the median`,
    ],
    ['worst seed', `${worstSeed}: ${replay(worstSeed)}`],
  ]
}

function plots({ outcome }: Rehearsed): readonly string[] {
  const { devices, curve } = outcome
  const line = (
    name: string,
    colour: string,
    time: (spread: Spread) => number | undefined,
  ): Series => ({
    name,
    colour,
    points: [
      [0, 0] as const,
      ...curve.flatMap((spread, place) => {
        const seconds = time(spread)
        return seconds === undefined ? [] : [[seconds, ((place + 1) / 100) * devices] as const]
      }),
    ],
  })
  const series = [
    line('fastest seed', '#1a7f37', ({ least }) => least),
    line('median', '#0969da', ({ median }) => median),
    line('slowest seed', '#cf222e', ({ most }) => most),
  ]
  const longest = Math.max(...series.flatMap(({ points }) => points.map(([at]) => at)))
  const whole = linePlot('devices done', 'devices', series, [], axisFor(longest))
  // The last devices take so long that the beginning is hardly seen beside them.
  const soon = (outcome.done[90].most ?? longest) * 1.1
  const begins = series.map((one) => ({ ...one, points: one.points.filter(([at]) => at <= soon) }))
  return [whole, linePlot('devices done, the first 90 %', 'devices', begins, [], axisFor(soon))]
}

function axisFor(seconds: number): TimeAxis {
  const axis = AXES.find(({ seconds: unit }) => seconds >= 3 * unit)
  return axis ?? { unit: 's', seconds: 1 }
}

function doneTable({ outcome }: Rehearsed): {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
} {
  return {
    head: ['devices', 'median', 'fastest', 'slowest'],
    rows: TOLD_PERCENT.map((percent) => {
      const { least, median, most } = outcome.done[percent]
      return [`${percent} %`, timeText(median), timeText(least), timeText(most)]
    }),
  }
}

function sensitivityTable(rows: readonly SensitivityRow[]): ReturnType<typeof doneTable> {
  return {
    head: ['changed', 'job', 'touched', 'stopped', '99 % done', 'aborts as it is'],
    rows: rows.map(({ asIs, factor, parameter, settings, stopped, touched }) => [
      `${parameter} × ${factor}`,
      settings,
      spreadText(touched),
      percentText(stopped),
      asIs === undefined ? '–' : timeText(asIs.done99Seconds.median),
      asIs === undefined ? '–' : percentText(asIs.abortProbability),
    ]),
  }
}

function touchedPlot({ outcome, sensitivity }: Rehearsed): string {
  const bar = (name: string, { median, most }: Spread, isGiven: boolean): Bar => ({
    name,
    value: median ?? 0,
    most: most ?? 0,
    isGiven,
  })
  return barPlot('devices that a bad firmware begins on', 'median, and on to the worst seed', [
    bar('the job as it is', outcome.badFirmware.touched, true),
    ...sensitivity.map(({ factor, parameter, touched }) =>
      bar(`${parameter} × ${factor}`, touched, false),
    ),
  ])
}

/** Only what was rehearsed and reached; nothing where that is nothing. */
function donePlot({ outcome, sensitivity }: Rehearsed): readonly string[] {
  const rows = [
    { name: 'the job as it is', done: outcome.done[99], isGiven: true },
    ...sensitivity.flatMap(({ asIs, factor, parameter }) =>
      asIs === undefined
        ? []
        : [{ name: `${parameter} × ${factor}`, done: asIs.done99Seconds, isGiven: false }],
    ),
  ]
  if (rows.length < 2) return []
  const bars = rows.flatMap(({ done, isGiven, name }) =>
    done.median === undefined
      ? []
      : [{ name, value: done.median, most: done.most ?? done.median, isGiven }],
  )
  const unit = 'median, and on to the worst seed; what is never done has no bar'
  return [barPlot('until 99 % of the devices are done', unit, bars, timeText)]
}

function suggestionSection({ suggestion }: Suggested): { heading: string; facts: readonly Fact[] } {
  const { abortConfig, jobExecutionsRolloutConfig } = suggestion?.job ?? {}
  return {
    heading: 'A job that meets the goal',
    facts: [
      ['settings', suggestion?.settings ?? ''],
      ['jobExecutionsRolloutConfig', JSON.stringify(jobExecutionsRolloutConfig)],
      ['abortConfig', JSON.stringify(abortConfig)],
      ...(suggestion?.judged ?? []).map((term): Fact => [term.text, goalValue(term)]),
    ],
  }
}

function spreadText({ least, median, most }: Spread): string {
  const range = least === most ? '' : ` (${numberText(least ?? 0)} to ${numberText(most ?? 0)})`
  return `${numberText(median ?? 0)}${range}`
}
