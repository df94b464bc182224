/** A job's configuration as rows of name and sentence; pure. */
import type {
  AbortCriteria,
  Job,
  JobExecutionsRolloutConfig,
  RetryCriteria,
} from '@aws-sdk/client-iot'
import { versionInWords } from '../packages/package-form.ts'
import { statusInWords } from './status.ts'

type Configured = Pick<
  Job,
  | 'targetSelection'
  | 'jobExecutionsRolloutConfig'
  | 'abortConfig'
  | 'timeoutConfig'
  | 'jobExecutionsRetryConfig'
  | 'schedulingConfig'
  | 'destinationPackageVersions'
>

/** Rows in the order of the page. */
export function configurationInWords(job: Configured): readonly (readonly [string, string])[] {
  const scheduled = schedule(job.schedulingConfig ?? {})
  const versions = job.destinationPackageVersions ?? []
  return [
    ['Selection', selection(job.targetSelection)],
    ['Rollout', rollout(job.jobExecutionsRolloutConfig)],
    ['Abort', abort(job.abortConfig?.criteriaList ?? [])],
    ['Timeout', timeout(job.timeoutConfig?.inProgressTimeoutInMinutes)],
    ['Retry', retry(job.jobExecutionsRetryConfig?.criteriaList ?? [])],
    ...(versions.length === 0
      ? []
      : [['Installs', versions.map(versionInWords).join(', ')] as const]),
    ...(scheduled === '' ? [] : [['Schedule', scheduled] as const]),
  ]
}

function selection(value: string | undefined): string {
  return value === 'CONTINUOUS'
    ? 'continuous: things that join a target group later get the job too'
    : 'snapshot: the things targeted at creation'
}

function rollout(config: JobExecutionsRolloutConfig | undefined): string {
  const most = config?.maximumPerMinute
  const exponential = config?.exponentialRate
  if (!exponential) return `up to ${most ?? 1000} things a minute`
  const step =
    exponential.rateIncreaseCriteria?.numberOfSucceededThings === undefined
      ? `${exponential.rateIncreaseCriteria?.numberOfNotifiedThings} notified`
      : `${exponential.rateIncreaseCriteria.numberOfSucceededThings} succeeded`
  return (
    `from ${exponential.baseRatePerMinute} things a minute, ` +
    `× ${exponential.incrementFactor} with every ${step}` +
    (most === undefined ? '' : `, at most ${most} a minute`)
  )
}

function abort(criteria: readonly AbortCriteria[]): string {
  if (criteria.length === 0) return 'never by itself'
  return criteria
    .map((one) => {
      const kind = statusInWords(one.failureType ?? 'ALL').replace(/^all$/, 'not successful')
      return `when ${one.thresholdPercentage} % are ${kind} after at least ${one.minNumberOfExecutedThings} executed`
    })
    .join('; ')
}

function timeout(minutes: number | undefined): string {
  return minutes === undefined ? 'none' : `${minutes} minutes in progress`
}

function retry(criteria: readonly RetryCriteria[]): string {
  if (criteria.length === 0) return 'none'
  return criteria
    .map((one) => `${statusInWords(one.failureType ?? 'ALL')} up to ${one.numberOfRetries} times`)
    .join(', ')
}

function schedule(config: NonNullable<Job['schedulingConfig']>): string {
  const windows = config.maintenanceWindows?.length ?? 0
  return [
    config.startTime === undefined ? undefined : `from ${config.startTime}`,
    config.endTime === undefined ? undefined : `to ${config.endTime}`,
    config.endBehavior === undefined ? undefined : `then ${statusInWords(config.endBehavior)}`,
    windows === 0 ? undefined : `in ${windows} maintenance ${windows === 1 ? 'window' : 'windows'}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}
