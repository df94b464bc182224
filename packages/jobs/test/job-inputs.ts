/**
 * Inputs that tests of the control plane share.
 */
import type { CreateJobRequest } from '@aws-sdk/client-iot'

/** JSON of exactly so many bytes. */
export function sized(bytes: number): string {
  return `{"a":"${'x'.repeat(bytes - 8)}"}`
}

/** A document with one presigned-URL placeholder. */
export function presigned(url: string): string {
  return JSON.stringify({ url: `\${aws:iot:s3-presigned-url:${url}}` })
}

/** An exponential rollout, valid but for `more`. */
export function rollout(more: object): Partial<CreateJobRequest> {
  const exponentialRate = {
    baseRatePerMinute: 1,
    incrementFactor: 2,
    rateIncreaseCriteria: { numberOfNotifiedThings: 1 },
    ...more,
  }
  return { jobExecutionsRolloutConfig: { maximumPerMinute: 1000, exponentialRate } }
}

/** An abort criterion, valid but for `more`. */
export function abort(more: object): { abortConfig: NonNullable<CreateJobRequest['abortConfig']> } {
  const criterion = {
    failureType: 'FAILED',
    action: 'CANCEL',
    thresholdPercentage: 10,
    minNumberOfExecutedThings: 1,
    ...more,
  } as const
  return { abortConfig: { criteriaList: [criterion] } }
}

/** So many retry criteria. */
export function retry(
  criteria: number,
  numberOfRetries = 1,
): { jobExecutionsRetryConfig: NonNullable<CreateJobRequest['jobExecutionsRetryConfig']> } {
  const criterion = { failureType: 'FAILED', numberOfRetries } as const
  return {
    jobExecutionsRetryConfig: { criteriaList: Array.from({ length: criteria }, () => criterion) },
  }
}
