import { kindsSection, reportPage, type Fact, type ReportSection } from '@muster/fleet/report'
import { present } from '@muster/model'
import type { Summary } from '../summary.ts'
import type { Sample } from './recorder.ts'
import { runPlots } from './run-plots.ts'
import { summaryFacts } from './summary-facts.ts'

/** Writes the page of a run, which opens from disk. */
export function htmlReport(summary: Summary, samples: readonly Sample[]): string {
  const { deniedByReason, description, errors, failures, faults, ok, phases, refusals, scenario } =
    summary
  const marks = phases.map(({ beganAtSeconds, name }) => ({ seconds: beganAtSeconds, name }))
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
      { facts: runFacts(summary) },
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

/** What ran, against what, when: enough to run it again. */
function runFacts(summary: Summary): readonly Fact[] {
  const { beganAt, seconds, seed, target, version } = summary
  return [
    ['target', target],
    ['began', `${beganAt.slice(0, 19).replace('T', ' ')} UTC, took ${seconds} s`],
    ['version', `Muster ${version}`],
    ['seed', String(seed)],
  ]
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

function phasesSection({ phases }: Summary): ReportSection {
  return {
    heading: 'Phases',
    table: {
      head: ['phase', 'began, s', 'took, s'],
      rows: phases.map(({ beganAtSeconds, name, seconds }) => [
        name,
        String(beganAtSeconds),
        String(seconds),
      ]),
    },
  }
}
