/** What a rehearsal came to, for people. */
import { TOLD_PERCENT, type JudgedTerm, type Rehearsal, type Spread } from '@muster/rehearse'

/** What was rehearsed. */
export interface Rehearsed {
  readonly fleetName: string
  readonly startMs: number
  readonly lookSeconds: number
  /** The command that plays one seed again. */
  readonly replay: (seed: number) => string
}

/** The text of a rehearsal, a line each. */
export function rehearsalText(
  outcome: Rehearsal,
  rehearsed: Rehearsed,
  goal: readonly JudgedTerm[],
): readonly string[] {
  const { badFirmware, devices, done, seeds, worstSeed } = outcome
  const { fleetName, lookSeconds, replay, startMs } = rehearsed
  const created = new Date(startMs).toISOString().slice(0, 16).replace('T', ' ')
  const count = (value: number | undefined): string => numberText(value ?? 0)
  const range = ({ least, median, most }: Spread): string =>
    `${count(median)}${least === most ? '' : ` (${count(least)} to ${count(most)})`}`
  const bad = badFirmware.abortProbability
  const after = timeText(badFirmware.abortedSeconds.median)
  return [
    `${numberText(devices)} devices of ${fleetName}, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}; created ${created} UTC, looked at for ${timeText(lookSeconds)}`,
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
    ...goal.map(
      (term) => `${term.met ? 'goal met    ' : 'goal missed '}  ${term.text}: ${goalValue(term)}`,
    ),
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
