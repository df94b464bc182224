/** What runs must keep to where nobody says otherwise. */
import type { ScenarioFacts } from '../catalogue.ts'
import type { ProfileName } from '../load-profile.ts'
import type { Threshold } from './threshold.ts'

type Bounds = Omit<Threshold, 'measure' | 'isAsked'>

/** A load that was not offered says nothing of the server. */
const NOT_OFFERED_SHARE = 0.01
const FAILED_SHARE = 0.001
/** All devices at once take longer, and so do jobs, which are made first and may be polled for. */
const P99_MS = 1000
const JOBS_P99_MS = 2000
const STORM_P99_MS = 10_000
const STRESS_P99_MS = 500
const STRESS_FAILED_SHARE = 0.01

/** Of a run as a whole. */
export function runThresholds(scenario: ScenarioFacts, profile: ProfileName): Threshold[] {
  const always = {
    answered: { min: 1 },
    deniedUnexpected: { max: 0 },
    allowedUnexpected: { max: 0 },
    principals: { equals: 'devices' },
  }
  if (profile === 'stress') return thresholds({ ...always, 'knee.perSecond': { min: 0.1 } })
  const offered = { notOffered: { maxShare: NOT_OFFERED_SHARE } }
  if (profile === 'smoke') {
    const none = { errors: { max: 0 }, timeouts: { max: 0 }, throttled: { max: 0 } }
    return thresholds({ ...always, ...offered, ...none, undelivered: { max: 0 } })
  }
  const few = { maxShare: FAILED_SHARE }
  return thresholds({
    ...always,
    ...offered,
    errors: few,
    timeouts: few,
    throttled: few,
    undelivered: few,
    'latencyMs.p99': { max: p99Of(scenario, P99_MS) },
  })
}

/** Of one step of `stress`: where one breaks, the knee is. */
export function stepThresholds(scenario: ScenarioFacts): Threshold[] {
  const few = { maxShare: STRESS_FAILED_SHARE }
  return thresholds({
    'latencyMs.p99': { max: p99Of(scenario, STRESS_P99_MS) },
    notOffered: { maxShare: NOT_OFFERED_SHARE },
    errors: few,
    timeouts: few,
    throttled: few,
    deniedUnexpected: { max: 0 },
  })
}

function p99Of({ isDirected, isStorm }: ScenarioFacts, otherMs: number): number {
  if (isStorm === true) return STORM_P99_MS
  return isDirected === true ? JOBS_P99_MS : otherMs
}

function thresholds(bounds: Readonly<Record<string, Bounds>>): Threshold[] {
  return Object.entries(bounds).map(([measure, bound]) => ({ measure, ...bound, isAsked: false }))
}
