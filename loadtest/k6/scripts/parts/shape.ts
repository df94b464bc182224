/** Turns a profile into what k6 executes and what it judges. */
import type { ObjectThreshold, Options, Scenario, Threshold } from 'k6/options'
import { ANSWER_MS_MAX } from './outcome.ts'
import { METRICS } from './metric-names.ts'
import { peakPerSecond, totalSeconds, type Profile } from './profile.ts'

/** Time for the last answers and for leaving. */
const GRACE_SECONDS = 30

/**
 * Iterations that begin at a rate of their own, however slow the answers are. One that finds no free
 * virtual user is never begun and counts in k6's `dropped_iterations`.
 *
 * @param exec - name of the exported function that is one iteration
 * @param vus - virtual users at most; default as many as the slowest allowed answers need. A device
 *   whose policy binds its client ID has one connection over MQTT, so one virtual user.
 */
export function arrivals(profile: Profile, exec: string, vus?: number): Scenario {
  // Little's law with the slowest answer that is still allowed, and room for half as many again.
  const slowestMs = Math.min(profile.p99Ms, ANSWER_MS_MAX)
  const inFlight = Math.ceil((peakPerSecond(profile) * slowestMs * 1.5) / 1000)
  return {
    executor: 'ramping-arrival-rate',
    startRate: 0,
    // A minute, since k6 takes whole numbers and a device may do less than one a second.
    timeUnit: '1m',
    preAllocatedVUs: vus ?? Math.max(2, inFlight),
    maxVUs: vus ?? Math.max(10, inFlight * 4),
    stages: profile.stages.map(({ seconds, ratePerSecond }) => ({
      target: Math.round(ratePerSecond * 60),
      duration: milliseconds(seconds),
    })),
    gracefulStop: `${GRACE_SECONDS}s`,
    exec,
  }
}

/** One iteration that holds a connection for as long as the profile lasts. */
export function heldConnection(profile: Profile): Scenario {
  return {
    executor: 'per-vu-iterations',
    vus: 1,
    iterations: 1,
    maxDuration: milliseconds(totalSeconds(profile) + GRACE_SECONDS),
  }
}

/** One virtual user that iterates without a pause for as long as the profile lasts. */
export function beside(profile: Profile, exec: string): Scenario {
  return { executor: 'constant-vus', vus: 1, duration: milliseconds(totalSeconds(profile)), exec }
}

/** What a run is judged by: a broken one ends k6 with exit status 99. */
export function thresholds(profile: Profile): NonNullable<Options['thresholds']> {
  const judged = (...expressions: string[]): Threshold[] =>
    expressions.map((threshold): ObjectThreshold => ({
      threshold,
      abortOnFail: profile.endsAtBreak,
      ...(profile.endsAtBreak && { delayAbortEval: '10s' }),
    }))
  return {
    [METRICS.answerMs]: judged(`p(95)<=${profile.p95Ms}`, `p(99)<=${profile.p99Ms}`),
    [METRICS.failed]: judged(`rate<=${profile.failedMax}`),
    [METRICS.deniedUnexpected]: judged('count<=0'),
    [METRICS.allowedUnexpected]: judged('count<=0'),
    // A load that was not offered proves nothing about the server.
    [METRICS.notOffered]: judged('count<=0'),
    dropped_iterations: judged('count<=0'),
  }
}

function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`
}
