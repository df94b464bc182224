/**
 * What must be true at the end of a run.
 */
import type { RunPlan } from './run-plan.ts'
import { plannedDenials, plannedOutcomes, type DevicePlan } from './scenario/device-plan.ts'
import type { Assertion, Metric } from './scenario/scenario.ts'
import type { Summary } from './summary.ts'

/** What every run must come to unless the scenario says otherwise. */
const DEFAULTS: readonly Assertion[] = [
  { metric: 'connected', equals: 'planned' },
  { metric: 'unexpectedDenials', equals: 0 },
  { metric: 'undenied', equals: 0 },
]

/**
 * Judges a run.
 *
 * @param jobTargets - devices of all shards that the last job is for
 * @returns one sentence for each assertion that does not hold
 */
export function failedAssertions(
  { scenario, mine }: RunPlan,
  jobTargets: readonly DevicePlan[],
  summary: Omit<Summary, 'ok' | 'failures'>,
): string[] {
  return (scenario.assertions ?? DEFAULTS).flatMap((assertion) => {
    const { metric, equals, atLeast, atMost, below } = assertion
    const actual = valueOf(metric, summary)
    const failures: string[] = []
    if (equals !== undefined) {
      const expected = equals === 'planned' ? plannedValue(metric, mine, jobTargets) : equals
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

/** Executions are counted by the service, for all shards; the rest by this shard's devices. */
function plannedValue(
  metric: Metric,
  mine: readonly DevicePlan[],
  jobTargets: readonly DevicePlan[],
): number | null {
  switch (metric) {
    case 'connected':
      return mine.length
    case 'succeeded':
    case 'failed':
    case 'rejected':
    case 'timedOut':
      return plannedOutcomes(jobTargets)[metric]
    case 'expectedDenials':
      return plannedDenials(mine)
    default:
      return 0
  }
}
