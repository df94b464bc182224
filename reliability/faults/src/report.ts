/** Figures as a table, and what was wrong. */
import type { KindFigures } from './run.ts'

/** The table, what was wrong, and the last line. */
export function report(all: readonly KindFigures[]): string {
  const head = [
    'fault',
    'cycles',
    'acknowledged',
    'lost',
    'regressed',
    'start ms p50/max',
    'what came of it',
  ]
  const rows = all.map((figures) => {
    const { name, cycles, acknowledged, lost, regressed, startsMs, skipped } = figures
    if (skipped !== undefined) return [name, 'skipped', '', '', '', '', `needs ${skipped}`]
    const counts = [cycles, acknowledged, lost.length, regressed.length].map(String)
    return [name, ...counts, startTimes(startsMs), outcomesOf(figures)]
  })
  const wrong = all.flatMap(({ name, lost, regressed, faults }) => [
    ...lost.map((line) => `${name}: lost: ${line}`),
    ...regressed.map((line) => `${name}: regressed: ${line}`),
    ...faults.map((line) => `${name}: ${line}`),
  ])
  const recoveries = all.flatMap(({ recoveriesMs = new Map<string, number[]>() }) =>
    [...recoveriesMs].map(([what, timesMs]) => [what, String(timesMs.length), startTimes(timesMs)]),
  )
  const times =
    recoveries.length === 0
      ? ''
      : table([['killed', 'times', 'all devices answered again, ms p50/max'], ...recoveries])
  return `${table([head, ...rows])}${times}${wrong.map((line) => `${line}\n`).join('')}${lastLine(all)}\n`
}

/** Counts of all kinds together. */
export function lastLine(all: readonly KindFigures[]): string {
  const sum = (count: (figures: KindFigures) => number): number =>
    all.reduce((total, figures) => total + count(figures), 0)
  const cycles = sum((figures) => figures.cycles)
  const acknowledged = sum((figures) => figures.acknowledged)
  const lost = sum((figures) => figures.lost.length)
  const regressed = sum((figures) => figures.regressed.length)
  return `cycles ${cycles}, acknowledged ${acknowledged}, lost ${lost}, regressed ${regressed}`
}

/** Whether all went as it should. */
export function isGood(all: readonly KindFigures[]): boolean {
  return all.every(
    ({ lost, regressed, faults }) => lost.length + regressed.length + faults.length === 0,
  )
}

function startTimes(startsMs: readonly number[]): string {
  const sorted = startsMs.toSorted((one, other) => one - other)
  const middle = sorted[Math.floor(sorted.length / 2)]
  const longest = sorted.at(-1)
  if (middle === undefined || longest === undefined) return '-'
  return `${Math.round(middle)}/${Math.round(longest)}`
}

function outcomesOf({ outcomes, faults }: KindFigures): string {
  const told = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`)
  return [...told, ...(faults.length > 0 ? [`wrong ${faults.length}`] : [])].join(', ')
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}
