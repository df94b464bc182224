/**
 * How AWS words broken constraints, where operations differ (jobs J125, gateway G133).
 */

import type { ExceptionName } from '@muster/model'

/**
 * The order in which members are checked, by structure, where it is known not to be the schema's:
 * those named here come first, in this order.
 */
export const clauseOrder: Readonly<Record<string, readonly string[]>> = {
  CreateJobRequest: [
    'jobId',
    'targets',
    'jobExecutionsRolloutConfig',
    'description',
    'presignedUrlConfig',
    'jobExecutionsRetryConfig',
    'abortConfig',
  ],
  CreateJobTemplateRequest: [
    'jobTemplateId',
    'jobExecutionsRolloutConfig',
    'description',
    'presignedUrlConfig',
    'jobExecutionsRetryConfig',
    'abortConfig',
  ],
  UpdateJobRequest: [
    'jobId',
    'jobExecutionsRolloutConfig',
    'description',
    'presignedUrlConfig',
    'jobExecutionsRetryConfig',
    'abortConfig',
  ],
  RetryCriteria: ['numberOfRetries', 'failureType'],
  AbortCriteria: ['minNumberOfExecutedThings', 'failureType', 'action', 'thresholdPercentage'],
}

/** Which exception an operation answers bad input with: families differ (neighbours N1). */
export function inputException(operation: string): ExceptionName {
  return /Package|Sbom/.test(operation) ? 'ValidationException' : 'InvalidRequestException'
}

/** Whether an operation's messages repeat the offending value. */
export function showsValues(operation: string): boolean {
  return !/Certificate|DomainConfiguration|EventConfiguration|Policy|Policies/.test(operation)
}
