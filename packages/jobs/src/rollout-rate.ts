/**
 * How many executions a rollout minute may create (jobs J92 to J95).
 */
import type { JobExecutionsRolloutConfig } from '@aws-sdk/client-iot'

/**
 * The rate of the minute that begins now.
 *
 * @param notified - executions that the rollout created so far
 * @param succeeded - things whose latest execution succeeded
 * @param perMinuteMax - the account's bound
 * @returns integer ≥ 1
 */
export function rolloutRatePerMinute(
  config: JobExecutionsRolloutConfig | undefined,
  notified: number,
  succeeded: number,
  perMinuteMax: number,
): number {
  // Unlimited is a number too: the rate is stored as JSON, which has no Infinity.
  const bound = Math.min(perMinuteMax, Number.MAX_SAFE_INTEGER)
  const most = Math.min(config?.maximumPerMinute ?? bound, bound)
  const exponential = config?.exponentialRate
  if (exponential === undefined) return most
  const { baseRatePerMinute = 1, incrementFactor = 1, rateIncreaseCriteria } = exponential
  const { numberOfNotifiedThings, numberOfSucceededThings } = rateIncreaseCriteria ?? {}
  // With both criteria the rate rises at whichever is met first (jobs J95).
  const rises = Math.max(
    numberOfNotifiedThings === undefined ? 0 : Math.floor(notified / numberOfNotifiedThings),
    numberOfSucceededThings === undefined ? 0 : Math.floor(succeeded / numberOfSucceededThings),
  )
  // 10 · 1.1 is 11.000000000000002: a sliver below an integer must not lose it either.
  const rate = Math.floor(baseRatePerMinute * incrementFactor ** rises + 1e-9)
  return Math.min(most, rate)
}
