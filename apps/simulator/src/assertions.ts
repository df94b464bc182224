/**
 * What must be true at the end of a run.
 */
import { plannedDenials, plannedOutcomes, type DevicePlan } from './scenario/device-plan.ts'
import type { Assertion, Metric, Scenario } from './scenario/scenario.ts'
import type { Summary } from './summary.ts'

/** What every run must come to unless the scenario says otherwise. */
const DEFAULTS: readonly Assertion[] = [
  { metric: 'connected', equals: 'planned' },
  { metric: 'unexpectedDenials', equals: 0 },
  { metric: 'undenied', equals: 0 },
]

/** @returns one sentence for each assertion that does not hold */
export function failedAssertions(
  scenario: Scenario,
  plans: readonly DevicePlan[],
  summary: Omit<Summary, 'ok' | 'failures'>,
): string[] {
  return (scenario.assertions ?? DEFAULTS).flatMap((assertion) => {
    const { metric, equals, atLeast, atMost, below } = assertion
    const actual = valueOf(metric, summary)
    const failures: string[] = []
    if (equals !== undefined) {
      const expected = equals === 'planned' ? plannedValue(metric, plans) : equals
      if (actual !== expected) failures.push(`${metric} is ${actual}, expected ${expected}`)
    }
    const number = typeof actual === 'number' ? actual : Number.NaN
    if (atLeast !== undefined && !(number >= atLeast)) {
      failures.push(`${metric} is ${actual}, expected at least ${atLeast}`)
    }
    if (atMost !== undefined && !(number <= atMost)) {
      failures.push(`${metric} is ${actual}, expected at most ${atMost}`)
    }
    if (below !== undefined && !(number < below)) {
      failures.push(`${metric} is ${actual}, expected below ${below}`)
    }
    return failures
  })
}

function valueOf(
  metric: Metric,
  summary: Omit<Summary, 'ok' | 'failures'>,
): number | string | null {
  switch (metric) {
    case 'unexpectedDenials':
      return summary.denied
    case 'orphanCertificates':
      return summary.orphanCertificates ?? null
    case 'jobStatus':
      return summary.jobStatus ?? null
    case 'notifyToSuccessMsP50':
      return summary.notifyToSuccessMs.p50
    case 'notifyToSuccessMsP95':
      return summary.notifyToSuccessMs.p95
    case 'notifyToSuccessMsP99':
      return summary.notifyToSuccessMs.p99
    default:
      return summary[metric]
  }
}

function plannedValue(metric: Metric, plans: readonly DevicePlan[]): number | null {
  switch (metric) {
    case 'connected':
      return plans.length
    case 'succeeded':
    case 'failed':
    case 'rejected':
    case 'timedOut':
      return plannedOutcomes(plans)[metric]
    case 'expectedDenials':
      return plannedDenials(plans)
    default:
      return 0
  }
}
