/**
 * Bounds of what CreateJob, UpdateJob and CreateJobTemplate may ask for, as far as AWS's model does
 * not say them: the front of a server checks types, lengths, patterns and ranges before any rule
 * (jobs J71, J95, J124).
 *
 * Each check answers its refusal, InvalidRequestException, or undefined.
 */
import type {
  AbortConfig,
  JobExecutionsRolloutConfig,
  MaintenanceWindow,
  PresignedUrlConfig,
  JobExecutionsRetryConfig,
  Tag,
  TimeoutConfig,
} from '@aws-sdk/client-iot'
import { invalidRequest, type Refused } from '@muster/model'
import { checkWindows } from './check-schedule.ts'

const PACKAGE_VERSIONS_MAX = 25
const TAGS_MAX = 50
const TIMEOUT_MINUTES_MAX = 10_080

/** Members that jobs and templates share. */
export interface ConfigFields {
  readonly presignedUrlConfig?: PresignedUrlConfig | undefined
  readonly jobExecutionsRolloutConfig?: JobExecutionsRolloutConfig | undefined
  readonly abortConfig?: AbortConfig | undefined
  readonly timeoutConfig?: TimeoutConfig | undefined
  readonly jobExecutionsRetryConfig?: JobExecutionsRetryConfig | undefined
  readonly destinationPackageVersions?: readonly string[] | undefined
  readonly maintenanceWindows?: readonly MaintenanceWindow[] | undefined
  readonly tags?: readonly Tag[] | undefined
}

/** Refuses members that jobs and templates share. */
export function checkConfig(fields: ConfigFields): Refused | undefined {
  return (
    checkRollout(fields.jobExecutionsRolloutConfig) ??
    checkAbort(fields.abortConfig) ??
    checkTimeout(fields.timeoutConfig) ??
    checkPackageVersions(fields.destinationPackageVersions) ??
    checkWindows(fields.maintenanceWindows) ??
    checkTags(fields.tags)
  )
}

function checkRollout(config: JobExecutionsRolloutConfig | undefined): Refused | undefined {
  const { incrementFactor, rateIncreaseCriteria } = config?.exponentialRate ?? {}
  if (config?.exponentialRate === undefined) return undefined
  if (!hasDecimals(incrementFactor, 1)) {
    return invalidRequest('incrementFactor must be a number from 1.1 to 5 with one decimal')
  }
  const { numberOfNotifiedThings, numberOfSucceededThings } = rateIncreaseCriteria ?? {}
  if (numberOfNotifiedThings === undefined && numberOfSucceededThings === undefined) {
    return invalidRequest(
      'rateIncreaseCriteria needs numberOfNotifiedThings or numberOfSucceededThings',
    )
  }
  return undefined
}

function checkAbort(config: AbortConfig | undefined): Refused | undefined {
  for (const { thresholdPercentage } of config?.criteriaList ?? []) {
    if (!hasDecimals(thresholdPercentage, 2) || (thresholdPercentage ?? 0) < 0) {
      return invalidRequest(
        'thresholdPercentage must be a number from 0 to 100 with at most two decimals',
      )
    }
  }
  return undefined
}

function checkTimeout(config: TimeoutConfig | undefined): Refused | undefined {
  const minutes = config?.inProgressTimeoutInMinutes
  if (minutes === undefined || (minutes >= 1 && minutes <= TIMEOUT_MINUTES_MAX)) return undefined
  return invalidRequest('inProgressTimeoutInMinutes must be an integer from 1 to 10080')
}

function checkPackageVersions(versions: readonly string[] = []): Refused | undefined {
  if (versions.length <= PACKAGE_VERSIONS_MAX) return undefined
  return invalidRequest(`destinationPackageVersions has more than ${PACKAGE_VERSIONS_MAX} entries`)
}

function checkTags(tags: readonly Tag[] = []): Refused | undefined {
  if (tags.length > TAGS_MAX) return invalidRequest(`a resource has at most ${TAGS_MAX} tags`)
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    return invalidRequest('a tag key appears twice')
  }
  const reserved = tags.find(({ Key = '' }) => /^aws:/i.test(Key))
  if (reserved === undefined) return undefined
  return invalidRequest(`tag key \`${reserved.Key ?? ''}\` begins with aws:`)
}

function hasDecimals(value: number | undefined, most: number): boolean {
  return value !== undefined && Math.abs(value - Number(value.toFixed(most))) < 1e-9
}
