import { kindsSection, originFacts, reportPage, type ReportSection } from '@muster/fleet/report'
import { present } from '@muster/model'
import type { PhaseSummary, Summary } from '../summary.ts'
import type { Sample } from './recorder.ts'
import { runPlots } from './run-plots.ts'
import { summaryFacts } from './summary-facts.ts'

/** More would hide what they mark. */
const MARKS_MAX = 12
/** A longer table is of rounds that are alike. */
const ROWS_MAX = 40

/** Writes the page of a run, which opens from disk. */
export function htmlReport(summary: Summary, samples: readonly Sample[]): string {
  const { deniedByReason, description, errors, failures, faults, ok, phases, refusals, scenario } =
    summary
  const marked = phases.length > MARKS_MAX ? phases.filter(isOfItsOwn) : phases
  const marks = marked.map(({ beganAtSeconds, name }) => ({ seconds: beganAtSeconds, name }))
  const kinds = [
    kindsSection('Denials by reason', deniedByReason),
    kindsSection('Refused requests', refusals),
    kindsSection('Behaviours that acted', faults),
    kindsSection('Errors', errors),
  ]
  return reportPage({
    title: scenario,
    ...present({ description }),
    kind: 'fleet report',
    ok,
    verdict: ok ? 'everything ended as the scenario asks' : 'not as it should be',
    failures,
    sections: [
      { facts: [...originFacts(summary), ['seed', String(summary.seed)]] },
      assertionsSection(summary),
      {
        heading: 'What came of it',
        facts: summaryFacts(summary),
        plots: runPlots(samples, marks),
      },
      phasesSection(summary),
      ...kinds.filter((section) => section !== undefined),
    ],
    summary,
  })
}

function assertionsSection({ assertions, endedEarly }: Summary): ReportSection {
  const heading = 'Assertions'
  if (endedEarly !== undefined) {
    return { heading, facts: [['not judged', `the run ended early: ${endedEarly}`]] }
  }
  return {
    heading,
    table: {
      head: ['metric', 'wanted', 'found', ''],
      rows: assertions.map(({ found, held, metric, wanted }) => [
        metric,
        wanted,
        found === null ? 'not measured' : String(found),
        held ? 'held' : 'broke',
      ]),
    },
  }
}

/** Rounds of a soak after the first are alike. */
function isOfItsOwn({ name }: PhaseSummary): boolean {
  return !/^round \d+$/.test(name)
}

function phasesSection({ phases }: Summary): ReportSection {
  const shown = phases.length > ROWS_MAX ? phases.filter(isOfItsOwn) : phases
  const hidden = phases.length - shown.length
  return {
    heading: 'Phases',
    ...(hidden > 0 ? { facts: [['rounds that are not listed', String(hidden)]] } : {}),
    table: {
      head: ['phase', 'began, s', 'took, s'],
      rows: shown.map(({ beganAtSeconds, name, seconds }) => [
        name,
        String(beganAtSeconds),
        String(seconds),
      ]),
    },
  }
}
