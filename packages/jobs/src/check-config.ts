/**
 * Bounds of what CreateJob, UpdateJob and CreateJobTemplate may ask for, as far as AWS's model does
 * not say them: the front of a server checks types, lengths, patterns and ranges before any rule
 * (jobs J71, J120, J124).
 *
 * Each check answers its refusal, InvalidRequestException, or undefined.
 */
import type {
  AbortConfig,
  JobExecutionsRetryConfig,
  MaintenanceWindow,
  PresignedUrlConfig,
  RetryCriteria,
  Tag,
  TimeoutConfig,
} from '@aws-sdk/client-iot'
import { doubleText, invalidRequest, type Refused } from '@muster/model'
import { checkRollout, type RolloutFields } from './check-rollout.ts'
import { checkWindows } from './check-schedule.ts'

const PACKAGE_VERSIONS_MAX = 25
const TAGS_MAX = 50
const TIMEOUT_MINUTES_MAX = 10_080
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[!-~]+$/

/** Members that jobs and templates share. */
export interface ConfigFields extends RolloutFields {
  readonly presignedUrlConfig?: PresignedUrlConfig | undefined
  readonly abortConfig?: AbortConfig | undefined
  readonly timeoutConfig?: TimeoutConfig | undefined
  readonly jobExecutionsRetryConfig?: JobExecutionsRetryConfig | undefined
  readonly destinationPackageVersions?: readonly string[] | undefined
  readonly maintenanceWindows?: readonly MaintenanceWindow[] | undefined
  readonly tags?: readonly Tag[] | undefined
}

/** Refuses members that jobs and templates share, in AWS's order (jobs J120). */
export function checkConfig(fields: ConfigFields): Refused | undefined {
  return (
    checkTimeout(fields.timeoutConfig) ??
    checkRollout(fields.jobExecutionsRolloutConfig) ??
    checkRole(fields.presignedUrlConfig?.roleArn) ??
    checkAbort(fields.abortConfig) ??
    checkPackageVersions(fields.destinationPackageVersions) ??
    checkWindows(fields.maintenanceWindows) ??
    checkTags(fields.tags)
  )
}

/** Refuses ALL beside another failure type (jobs J63, J121). */
export function checkRetryTypes(criteria: readonly RetryCriteria[] = []): Refused | undefined {
  if (criteria.length < 2 || criteria.every(({ failureType }) => failureType !== 'ALL')) {
    return undefined
  }
  return invalidRequest('A retryCriteria with failure type ALL must be used by itself.')
}

/** Refuses a timeout that says no minutes, where a member without content is an error (J120). */
export function checkTimeoutGiven(config: TimeoutConfig | undefined): Refused | undefined {
  if (config === undefined || config.inProgressTimeoutInMinutes !== undefined) return undefined
  return badTimeout('null')
}

function checkTimeout(config: TimeoutConfig | undefined): Refused | undefined {
  const minutes = config?.inProgressTimeoutInMinutes
  if (minutes === undefined || (minutes >= 1 && minutes <= TIMEOUT_MINUTES_MAX)) return undefined
  return badTimeout(String(minutes))
}

function badTimeout(minutes: string): Refused {
  return invalidRequest(
    `Provide valid timeout value, inProgressTimeoutInMinutes cannot be ${minutes}.`,
  )
}

function checkRole(roleArn: string | undefined): Refused | undefined {
  if (roleArn === undefined || ROLE_ARN.test(roleArn)) return undefined
  return invalidRequest(`Given role ${roleArn} is invalid.`)
}

/** One criterion after the other: a repeated type is told before its own threshold (jobs J96). */
function checkAbort(config: AbortConfig | undefined): Refused | undefined {
  const types = new Set<string | undefined>()
  for (const { failureType, thresholdPercentage = 0 } of config?.criteriaList ?? []) {
    if (types.has(failureType)) {
      return invalidRequest('Multiple AbortCriteria cannot have the same failure type')
    }
    types.add(failureType)
    if (thresholdPercentage <= 0) {
      const value = doubleText(thresholdPercentage)
      return invalidRequest(
        `ThresholdPercentage value ${value} for AbortCriteria must have value greater than 0`,
      )
    }
    if (!/^\d+(?:\.\d{1,2})?$/.test(String(thresholdPercentage))) {
      return invalidRequest('Abort thresholdPercentage must have two or less decimal digits')
    }
  }
  return undefined
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
