/** The same job with another rate, threshold or minimum, within what AWS allows. */
import type {
  AbortCriteria,
  CreateJobRequest,
  JobExecutionsRolloutConfig,
} from '@aws-sdk/client-iot'

/** A job that is not refused yet. */
export type JobInput = Partial<CreateJobRequest>

/** What is varied of a job. */
export type Parameter = 'rate' | 'threshold' | 'minimum'

/** AWS's bound of a rate, executions a minute. */
const RATE_MAX = 1000
/** What a job without criteria is tried with. */
const CRITERION = {
  failureType: 'ALL',
  action: 'CANCEL',
  thresholdPercentage: 5,
  minNumberOfExecutedThings: 100,
} as const satisfies AbortCriteria

/** All rates multiplied. */
export function withRate(job: JobInput, factor: number): JobInput {
  const { exponentialRate, maximumPerMinute = RATE_MAX } = job.jobExecutionsRolloutConfig ?? {}
  const maximum = bounded(maximumPerMinute * factor, 1, RATE_MAX)
  if (exponentialRate === undefined) {
    return { ...job, jobExecutionsRolloutConfig: { maximumPerMinute: maximum } }
  }
  const { baseRatePerMinute = 1 } = exponentialRate
  return withRollout(job, {
    maximumPerMinute: maximum,
    exponentialRate: {
      ...exponentialRate,
      baseRatePerMinute: bounded(baseRatePerMinute * factor, 1, maximum),
    },
  })
}

/** Another rollout altogether. */
export function withRollout(job: JobInput, config: JobExecutionsRolloutConfig): JobInput {
  return { ...job, jobExecutionsRolloutConfig: config }
}

/** Another threshold of every criterion, per cent. */
export function withThreshold(job: JobInput, change: (percent: number) => number): JobInput {
  return withCriteria(job, (criterion) => {
    const percent = Math.min(100, change(criterion.thresholdPercentage ?? 0))
    return { ...criterion, thresholdPercentage: Math.max(0.01, Number(percent.toFixed(2))) }
  })
}

/** Another minimum of executed things of every criterion. */
export function withMinimum(job: JobInput, change: (things: number) => number): JobInput {
  return withCriteria(job, (criterion) => {
    const things = change(criterion.minNumberOfExecutedThings ?? 1)
    return { ...criterion, minNumberOfExecutedThings: bounded(things, 1, Infinity) }
  })
}

/** The abort criteria; those that are tried where a job has none. */
export function criteriaOf(job: JobInput): readonly AbortCriteria[] {
  return job.abortConfig?.criteriaList ?? [CRITERION]
}

/** The settings of a job in words: `20 a minute, × 2 every 500 succeeded, to 500; 5 % of 100`. */
export function settingsText(job: JobInput): string {
  const abort = (job.abortConfig?.criteriaList ?? []).map(
    ({ failureType, minNumberOfExecutedThings, thresholdPercentage }) =>
      `${thresholdPercentage} % ${failureType} of at least ${minNumberOfExecutedThings}`,
  )
  return `${rateText(job.jobExecutionsRolloutConfig)}; ${abort.length === 0 ? 'no abort' : `abort at ${abort.join(', ')}`}`
}

function rateText(config: JobExecutionsRolloutConfig | undefined): string {
  const { exponentialRate, maximumPerMinute = RATE_MAX } = config ?? {}
  if (exponentialRate === undefined) return `${maximumPerMinute} a minute`
  const { baseRatePerMinute, incrementFactor, rateIncreaseCriteria } = exponentialRate
  const { numberOfNotifiedThings, numberOfSucceededThings } = rateIncreaseCriteria ?? {}
  const every =
    numberOfSucceededThings === undefined
      ? `${numberOfNotifiedThings} notified`
      : `${numberOfSucceededThings} succeeded`
  return `${baseRatePerMinute} a minute, × ${incrementFactor} every ${every}, to ${maximumPerMinute}`
}

function withCriteria(
  job: JobInput,
  change: (criterion: AbortCriteria) => AbortCriteria,
): JobInput {
  return { ...job, abortConfig: { criteriaList: criteriaOf(job).map(change) } }
}

function bounded(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)))
}
