/** A load run as one HTML page that opens from disk. */
import {
  kindsSection,
  originFacts,
  reportPage,
  type ReportSection,
  type ReportTable,
} from '@muster/fleet/report'
import { scenarioNamed } from '../catalogue.ts'
import type { LoadSample } from '../run/load-sample.ts'
import type { LoadSummary } from '../run/load-summary.ts'
import type { LoadResult } from '../run/run-load.ts'
import { loadFacts } from './load-facts.ts'
import { loadPlots } from './load-plots.ts'

/** Writes the page of one scenario, or of all of them. */
export function loadReport(title: string, { origin, runs, samples }: LoadResult): string {
  const isOne = runs.length === 1
  const ok = runs.length > 0 && runs.every((run) => run.ok)
  const failures = runs.flatMap((run) =>
    run.failures.map((failure) => (isOne ? failure : `${run.scenario}: ${failure}`)),
  )
  return reportPage({
    title,
    ...description(runs),
    kind: 'load report',
    ok,
    verdict: ok ? 'every threshold held' : 'not as it should be',
    failures,
    sections: [
      { facts: originFacts(origin) },
      ...(isOne ? [] : [{ table: overview(runs) }]),
      ...runs.flatMap((run, place) => runSections(run, samples[place] ?? [], isOne)),
    ],
    summary: isOne ? runs[0] : runs,
  })
}

/** Of one scenario; several are told apart below. */
function description([run, ...others]: readonly LoadSummary[]): { description?: string } {
  if (run === undefined || others.length > 0) return {}
  return { description: scenarioNamed(run.scenario).description }
}

function overview(runs: readonly LoadSummary[]): ReportTable {
  return {
    head: ['scenario', 'path', '', 'answered a second', 'p50, ms', 'p99, ms', 'denied', 'failed'],
    rows: runs.map((run) => [
      run.scenario,
      run.path,
      run.ok ? 'held' : 'broke',
      String(run.answeredPerSecond),
      String(run.latencyMs.p50 ?? '–'),
      String(run.latencyMs.p99 ?? '–'),
      String(run.deniedExpected + run.deniedUnexpected),
      String(run.errors + run.timeouts + run.throttled),
    ]),
  }
}

function runSections(
  run: LoadSummary,
  samples: readonly LoadSample[],
  isOne: boolean,
): ReportSection[] {
  const heading = isOne ? {} : { heading: `${run.scenario}, ${run.path}` }
  const named = (what: string): string => (isOne ? what : `${run.scenario}: ${what}`)
  const kinds = kindsSection(named('what was asked and what came of it'), run.kinds)
  return [
    { ...heading, facts: loadFacts(run), plots: loadPlots(samples) },
    { heading: named('thresholds'), table: thresholdTable(run) },
    ...(run.stages.length > 1 ? [{ heading: named('stages'), table: stageTable(run) }] : []),
    ...(kinds === undefined ? [] : [kinds]),
  ]
}

function thresholdTable({ thresholds }: LoadSummary): ReportTable {
  return {
    head: ['measure', 'expected', 'was', ''],
    rows: thresholds.map(({ bound, held, measure, value }) => [
      measure,
      bound,
      value === null ? 'not measured' : String(value),
      held ? 'held' : 'broke',
    ]),
  }
}

function stageTable({ stages }: LoadSummary): ReportTable {
  const percent = (share: number | null): string =>
    share === null ? '–' : `${Math.round(share * 100)} %`
  return {
    head: [
      'stage',
      'offered a second',
      'answered a second',
      'p50, ms',
      'p99, ms',
      'not offered',
      'failed',
      'server',
      'generator',
      'broke',
    ],
    rows: stages.map((stage) => [
      stage.name,
      String(stage.offeredPerSecond),
      String(stage.answeredPerSecond),
      String(stage.latencyMs.p50 ?? '–'),
      String(stage.latencyMs.p99 ?? '–'),
      String(stage.notOffered),
      String(stage.errors + stage.timeouts + stage.throttled),
      percent(stage.serverCpu),
      percent(stage.generatorCpu),
      (stage.broke ?? []).join('; '),
    ]),
  }
}
