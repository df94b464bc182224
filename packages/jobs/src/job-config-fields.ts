/**
 * Bounds of what CreateJob, UpdateJob and CreateJobTemplate may ask for (jobs J68, J71, J95, J99).
 *
 * Each check answers what is wrong, or undefined.
 */
import type {
  AbortConfig,
  JobExecutionsRetryConfig,
  JobExecutionsRolloutConfig,
  MaintenanceWindow,
  PresignedUrlConfig,
  SchedulingConfig,
  Tag,
  TimeoutConfig,
} from '@aws-sdk/client-iot'
import { parseCron } from './cron.ts'
import { parseScheduleTime } from './schedule-time.ts'

const MINUTE_MS = 60_000
const LEAD_MS = 30 * MINUTE_MS
const TEXT_MAX = 2028
const PACKAGE_VERSIONS_MAX = 25

/** Members that jobs and templates share. */
export interface ConfigFields {
  readonly description?: string | undefined
  readonly presignedUrlConfig?: PresignedUrlConfig | undefined
  readonly jobExecutionsRolloutConfig?: JobExecutionsRolloutConfig | undefined
  readonly abortConfig?: AbortConfig | undefined
  readonly timeoutConfig?: TimeoutConfig | undefined
  readonly jobExecutionsRetryConfig?: JobExecutionsRetryConfig | undefined
  readonly destinationPackageVersions?: readonly string[] | undefined
  readonly maintenanceWindows?: readonly MaintenanceWindow[] | undefined
  readonly tags?: readonly Tag[] | undefined
}

/** What is wrong with the members that jobs and templates share. */
export function configProblem(fields: ConfigFields): string | undefined {
  return (
    textProblem('description', fields.description) ??
    presignedProblem(fields.presignedUrlConfig) ??
    rolloutProblem(fields.jobExecutionsRolloutConfig) ??
    abortProblem(fields.abortConfig) ??
    timeoutProblem(fields.timeoutConfig) ??
    retryProblem(fields.jobExecutionsRetryConfig) ??
    packageVersionsProblem(fields.destinationPackageVersions) ??
    windowsProblem(fields.maintenanceWindows) ??
    tagsProblem(fields.tags)
  )
}

/** `description` and `comment`: at most 2028 characters, none of control (jobs J71). */
export function textProblem(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (text.length > TEXT_MAX) return `${name} is longer than ${TEXT_MAX} characters`
  return /\p{C}/u.test(text) ? `${name} has control characters` : undefined
}

/** jobs J71. */
export function reasonCodeProblem(reasonCode: string | undefined): string | undefined {
  if (reasonCode === undefined || /^[\p{Lu}\p{Nd}_]{1,128}$/u.test(reasonCode)) return undefined
  return `reasonCode \`${reasonCode}\` is not 1 to 128 upper-case letters, digits and underscores`
}

/** jobs J72, J99 to J101. */
export function scheduleProblem(
  config: SchedulingConfig | undefined,
  nowMs: number,
): string | undefined {
  if (config === undefined) return undefined
  const { startTime, endTime, endBehavior, maintenanceWindows } = config
  const startMs = startTime === undefined ? undefined : parseScheduleTime(startTime)
  const endMs = endTime === undefined ? undefined : parseScheduleTime(endTime)
  if (startTime !== undefined) {
    if (startMs === undefined) return `startTime \`${startTime}\` is not YYYY-MM-DD HH:MM`
    if (startMs < nowMs + LEAD_MS) return 'startTime must be at least 30 minutes ahead'
    if (startMs > yearsAfterMs(nowMs, 1)) return 'startTime must be at most one year ahead'
  }
  if (endTime !== undefined) {
    if (endMs === undefined) return `endTime \`${endTime}\` is not YYYY-MM-DD HH:MM`
    if (endMs < nowMs + LEAD_MS) return 'endTime must be at least 30 minutes ahead'
    if (endMs > yearsAfterMs(nowMs, 2)) return 'endTime must be at most two years ahead'
    if (startMs !== undefined && endMs < startMs + LEAD_MS) {
      return 'endTime must be at least 30 minutes after startTime'
    }
  }
  if (endBehavior !== undefined && !END_BEHAVIORS.has(endBehavior)) {
    return `endBehavior \`${endBehavior}\` is not STOP_ROLLOUT, CANCEL or FORCE_CANCEL`
  }
  return windowsProblem(maintenanceWindows)
}

/** The same date so many years later. */
function yearsAfterMs(nowMs: number, years: number): number {
  const date = new Date(nowMs)
  return date.setUTCFullYear(date.getUTCFullYear() + years)
}

const END_BEHAVIORS: ReadonlySet<string> = new Set(['STOP_ROLLOUT', 'CANCEL', 'FORCE_CANCEL'])

function windowsProblem(windows: readonly MaintenanceWindow[] | undefined): string | undefined {
  for (const { startTime = '', durationInMinutes } of windows ?? []) {
    if (startTime.length > 256 || parseCron(startTime) === undefined) {
      return `maintenance window startTime \`${startTime}\` is not a cron expression of six fields`
    }
    if (!isInteger(durationInMinutes, 1, 1430)) {
      return 'maintenance window durationInMinutes must be an integer from 1 to 1430'
    }
  }
  return undefined
}

function presignedProblem(config: PresignedUrlConfig | undefined): string | undefined {
  const { roleArn, expiresInSec } = config ?? {}
  if (roleArn !== undefined && (roleArn.length < 20 || roleArn.length > 2048)) {
    return 'presignedUrlConfig.roleArn must have 20 to 2048 characters'
  }
  if (expiresInSec !== undefined && !isInteger(expiresInSec, 60, 3600)) {
    return 'presignedUrlConfig.expiresInSec must be an integer from 60 to 3600'
  }
  return undefined
}

function rolloutProblem(config: JobExecutionsRolloutConfig | undefined): string | undefined {
  if (config === undefined) return undefined
  const { maximumPerMinute, exponentialRate } = config
  if (maximumPerMinute !== undefined && !isInteger(maximumPerMinute, 1, Number.MAX_SAFE_INTEGER)) {
    return 'maximumPerMinute must be an integer of at least 1'
  }
  if (exponentialRate === undefined) return undefined
  const { baseRatePerMinute, incrementFactor, rateIncreaseCriteria } = exponentialRate
  if (!isInteger(baseRatePerMinute, 1, 1000)) {
    return 'baseRatePerMinute must be an integer from 1 to 1000'
  }
  if (!isDecimal(incrementFactor, 1.1, 5, 1)) {
    return 'incrementFactor must be a number from 1.1 to 5 with one decimal'
  }
  const { numberOfNotifiedThings, numberOfSucceededThings } = rateIncreaseCriteria ?? {}
  if (numberOfNotifiedThings === undefined && numberOfSucceededThings === undefined) {
    return 'rateIncreaseCriteria needs numberOfNotifiedThings or numberOfSucceededThings'
  }
  for (const number of [numberOfNotifiedThings, numberOfSucceededThings]) {
    if (number !== undefined && !isInteger(number, 1, Number.MAX_SAFE_INTEGER)) {
      return 'rateIncreaseCriteria numbers must be integers of at least 1'
    }
  }
  return undefined
}

const ABORT_TYPES: ReadonlySet<unknown> = new Set(['FAILED', 'REJECTED', 'TIMED_OUT', 'ALL'])

function abortProblem(config: AbortConfig | undefined): string | undefined {
  if (config === undefined) return undefined
  const criteria = config.criteriaList ?? []
  if (criteria.length === 0) return 'abortConfig.criteriaList must have at least one entry'
  for (const criterion of criteria) {
    const { failureType, action, thresholdPercentage, minNumberOfExecutedThings } = criterion
    if (!ABORT_TYPES.has(failureType)) {
      return 'abort failureType must be FAILED, REJECTED, TIMED_OUT or ALL'
    }
    if (action !== 'CANCEL') return 'abort action must be CANCEL'
    if (!isDecimal(thresholdPercentage, 0, 100, 2)) {
      return 'thresholdPercentage must be a number from 0 to 100 with at most two decimals'
    }
    if (!isInteger(minNumberOfExecutedThings, 1, Number.MAX_SAFE_INTEGER)) {
      return 'minNumberOfExecutedThings must be an integer of at least 1'
    }
  }
  return undefined
}

function timeoutProblem(config: TimeoutConfig | undefined): string | undefined {
  const minutes = config?.inProgressTimeoutInMinutes
  if (minutes === undefined || isInteger(minutes, 1, 10_080)) return undefined
  return 'inProgressTimeoutInMinutes must be an integer from 1 to 10080'
}

const RETRY_TYPES: ReadonlySet<unknown> = new Set(['FAILED', 'TIMED_OUT', 'ALL'])

function retryProblem(config: JobExecutionsRetryConfig | undefined): string | undefined {
  if (config === undefined) return undefined
  const criteria = config.criteriaList ?? []
  if (criteria.length < 1 || criteria.length > 2) {
    return 'jobExecutionsRetryConfig.criteriaList must have one or two entries'
  }
  for (const { failureType, numberOfRetries } of criteria) {
    if (!RETRY_TYPES.has(failureType)) return 'retry failureType must be FAILED, TIMED_OUT or ALL'
    if (!isInteger(numberOfRetries, 0, 10)) {
      return 'numberOfRetries must be an integer from 0 to 10'
    }
  }
  return undefined
}

function packageVersionsProblem(versions: readonly string[] | undefined): string | undefined {
  if (versions === undefined) return undefined
  if (versions.length > PACKAGE_VERSIONS_MAX) {
    return `destinationPackageVersions has more than ${PACKAGE_VERSIONS_MAX} entries`
  }
  const bad = versions.find((arn) => !/^arn:[!-~]{1,1596}$/.test(arn))
  return bad === undefined ? undefined : `destination package version \`${bad}\` is not an ARN`
}

const TAGS_MAX = 50

function tagsProblem(tags: readonly Tag[] | undefined): string | undefined {
  if (tags === undefined) return undefined
  if (tags.length > TAGS_MAX) return `a resource has at most ${TAGS_MAX} tags`
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) return 'a tag key appears twice'
  for (const { Key = '', Value = '' } of tags) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(Key)) return `tag key \`${Key}\` is invalid`
    if (/^aws:/i.test(Key)) return `tag key \`${Key}\` begins with aws:`
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(Value))
      return `value of tag \`${Key}\` is invalid`
  }
  return undefined
}

function isInteger(value: number | undefined, min: number, max: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= min && value <= max
}

function isDecimal(value: number | undefined, min: number, max: number, digits: number): boolean {
  if (typeof value !== 'number' || !(value >= min && value <= max)) return false
  return Math.abs(value - Number(value.toFixed(digits))) < 1e-9
}
