import { kindsSection, reportPage } from '@muster/fleet/report'
import type { Summary } from '../summary.ts'
import type { Sample } from './recorder.ts'
import { runPlots } from './run-plots.ts'
import { summaryFacts } from './summary-facts.ts'

/** Writes the page of a run, which opens from disk. */
export function htmlReport(summary: Summary, samples: readonly Sample[]): string {
  const { deniedByReason, errors, failures, faults, ok, refusals, scenario } = summary
  const kinds = [
    kindsSection('Denials by reason', deniedByReason),
    kindsSection('Refused requests', refusals),
    kindsSection('Behaviours that acted', faults),
    kindsSection('Errors', errors),
  ]
  return reportPage({
    title: scenario,
    kind: 'fleet report',
    ok,
    verdict: ok ? 'everything ended as the scenario asks' : 'not as it should be',
    failures,
    sections: [
      { facts: summaryFacts(summary), plots: runPlots(samples) },
      ...kinds.filter((section) => section !== undefined),
    ],
    summary,
  })
}
