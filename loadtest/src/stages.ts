/** Turns a profile into what k6 executes and what it judges. */
import type { Profile } from './profile.ts'

/** A k6 stage: reach `target` iterations a second over `duration`. */
export interface Stage {
  readonly target: number
  readonly duration: string
}

/** A k6 scenario of the `ramping-arrival-rate` executor. */
export interface ArrivalScenario {
  readonly executor: 'ramping-arrival-rate'
  readonly startRate: number
  readonly timeUnit: '1s'
  readonly preAllocatedVUs: number
  readonly maxVUs: number
  readonly stages: Stage[]
  readonly exec: string
}

/** Seconds that a run lasts, without what k6 needs to begin and end. */
export function runSeconds(profile: Profile): number {
  return profile.rampSeconds + profile.holdSeconds
}

/**
 * Requests arriving at a rate of their own, however slow the answers are: an arrival-rate
 * executor, so that a slow server is not asked less.
 *
 * @param exec - name of the exported function that makes one request
 */
export function arrivalScenario(profile: Profile, exec: string): ArrivalScenario {
  const { requestsPerSecond, rampSeconds, holdSeconds, p99Ms } = profile
  // Little's law with the slowest answer that is still allowed, and room for half as many again.
  const inFlight = Math.ceil((requestsPerSecond * p99Ms * 1.5) / 1000)
  return {
    executor: 'ramping-arrival-rate',
    startRate: 1,
    timeUnit: '1s',
    preAllocatedVUs: Math.max(2, inFlight),
    maxVUs: Math.max(10, inFlight * 4),
    stages: [
      { target: requestsPerSecond, duration: `${rampSeconds}s` },
      { target: requestsPerSecond, duration: `${holdSeconds}s` },
    ],
    exec,
  }
}

/** Rate of a run at a moment: a straight ramp, then the profile's rate. */
export function rateAt(profile: Profile, elapsedSeconds: number): number {
  const { requestsPerSecond, rampSeconds } = profile
  if (elapsedSeconds >= rampSeconds) return requestsPerSecond
  return Math.max(1, (requestsPerSecond * Math.max(0, elapsedSeconds)) / rampSeconds)
}

/**
 * k6 thresholds by metric; a run that breaks one ends with exit code 99.
 *
 * @param metrics - names of the trend of answer times and of the rate of failures
 */
export function thresholds(
  profile: Profile,
  metrics: { readonly answerMs: string; readonly failed: string },
): Record<string, string[]> {
  return {
    [metrics.answerMs]: [`p(95)<=${profile.p95Ms}`, `p(99)<=${profile.p99Ms}`],
    [metrics.failed]: [`rate<=${profile.failedMax}`],
  }
}
