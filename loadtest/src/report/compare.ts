/** Two runs side by side. */
import type { LoadSummary } from '../run/load-summary.ts'
import { scenarioOver } from './load-facts.ts'

/** One measure of both. */
export interface Difference {
  readonly scenario: string
  readonly path: string
  readonly measure: string
  readonly before: number | null
  readonly after: number | null
  /** What is more now, as a part of what was before; null where that was nothing. */
  readonly change: number | null
  /** Worse by more than the tolerance. */
  readonly isWorse: boolean
}

interface Compared {
  readonly measure: string
  readonly of: (run: LoadSummary) => number | null | undefined
  readonly moreIsBetter?: boolean
}

const MEASURES: readonly Compared[] = [
  { measure: 'answeredPerSecond', of: (run) => run.answeredPerSecond, moreIsBetter: true },
  { measure: 'knee.perSecond', of: (run) => run.knee?.perSecond, moreIsBetter: true },
  { measure: 'latencyMs.p50', of: (run) => run.latencyMs.p50 },
  { measure: 'latencyMs.p95', of: (run) => run.latencyMs.p95 },
  { measure: 'latencyMs.p99', of: (run) => run.latencyMs.p99 },
  { measure: 'deniedUnexpected', of: (run) => run.deniedUnexpected },
  { measure: 'throttled', of: (run) => run.throttled },
  { measure: 'errors', of: (run) => run.errors },
  { measure: 'timeouts', of: (run) => run.timeouts },
  { measure: 'notOffered', of: (run) => run.notOffered },
  { measure: 'server CPU, ms an answer', of: (run) => cpuMsPerAnswer(run) },
  { measure: 'server.rssBytes', of: (run) => run.server?.rssBytes },
  { measure: 'generator.bytesPerDevice', of: (run) => run.generator.bytesPerDevice },
]

/**
 * Compares the runs that both have, by scenario and path.
 *
 * @param tolerance - 0.25: a quarter worse is noise
 */
export function compareRuns(
  before: readonly LoadSummary[],
  after: readonly LoadSummary[],
  tolerance: number,
): readonly Difference[] {
  return before.flatMap((old) => {
    const now = after.find(({ path, scenario }) => scenario === old.scenario && path === old.path)
    if (now === undefined) return []
    return MEASURES.flatMap(({ measure, moreIsBetter = false, of }): Difference[] => {
      const [was, is] = [of(old) ?? null, of(now) ?? null]
      if (was === null && is === null) return []
      const change = was === null || is === null || was === 0 ? null : (is - was) / was
      const worse = change === null ? isWorseThanNothing(was, is) : moreIsBetter ? -change : change
      const { path, scenario } = old
      return [
        { scenario, path, measure, before: was, after: is, change, isWorse: worse > tolerance },
      ]
    })
  })
}

/** From none to some: of errors that is worse, whatever the tolerance. */
function isWorseThanNothing(was: number | null, is: number | null): number {
  return was === 0 && is !== null && is > 0 ? Infinity : 0
}

/** The differences as a table. */
export function compareText(differences: readonly Difference[]): string {
  const shown = (value: number | null): string =>
    value === null ? '–' : value.toLocaleString('en', { maximumFractionDigits: 3 })
  let run = ''
  return differences
    .map(({ after, before, change, isWorse, measure, path, scenario }) => {
      const here = scenarioOver({ scenario, path })
      const heading = here === run ? '' : `${here}\n`
      run = here
      const changed = change === null ? '' : `${change > 0 ? '+' : ''}${Math.round(change * 100)} %`
      const row = [
        measure.padEnd(28),
        shown(before).padStart(14),
        shown(after).padStart(14),
        changed.padStart(9),
      ]
      return `${heading}  ${row.join(' ')}${isWorse ? '  worse' : ''}\n`
    })
    .join('')
}

function cpuMsPerAnswer({ answered, server }: LoadSummary): number | null {
  if (server === null || answered === 0) return null
  return Math.round((server.cpuSeconds * 1e6) / answered) / 1000
}

/**
 * The runs of a file: the last line that is a summary, of one run or of all.
 *
 * @throws Error naming the file when it holds none
 */
export function runsIn(text: string, file: string): readonly LoadSummary[] {
  for (const line of text.trimEnd().split('\n').reverse()) {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      continue
    }
    const found = value as { readonly runs?: readonly LoadSummary[]; readonly scenario?: string }
    if (Array.isArray(found.runs)) return found.runs
    if (typeof found.scenario === 'string') return [value as LoadSummary]
  }
  throw new Error(`${file}: expected a JSON line of \`muster load --json\``)
}
