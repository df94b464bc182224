/** What may be done about a job or an execution now, and if not, why; in an operator's words. */
import type { Job } from '@aws-sdk/client-iot'
import { statusInWords, type StatusCounts } from './status.ts'

/** Why a job cannot be cancelled, or undefined when it can (jobs J80, J81). */
export function cancelJobRefusal(job: Pick<Job, 'status' | 'forceCanceled'>): string | undefined {
  switch (job.status) {
    case 'COMPLETED':
      return 'The job has completed: nothing is left to cancel.'
    case 'DELETION_IN_PROGRESS':
      return 'The job is being deleted.'
    case 'CANCELED':
      return job.forceCanceled ? 'The job is cancelled already, by force.' : undefined
    default:
      return undefined
  }
}

/** Why an execution cannot be cancelled, or undefined when it can (jobs J84). */
export function cancelExecutionRefusal(status: string | undefined): string | undefined {
  if (status === 'QUEUED' || status === 'IN_PROGRESS') return undefined
  return `The execution is finished: ${statusInWords(status ?? 'unknown')}.`
}

/** What an operator can do about executions that failed. */
export interface RetryAdvice {
  readonly hint?: string
  /** Why no new job for the failed things is offered. */
  readonly refusal?: string
}

/** A job's own retries happen by themselves; past them a new job is the way (jobs J62, J63). */
export function retryAdvice(
  job: Pick<Job, 'jobExecutionsRetryConfig'>,
  counts: StatusCounts,
): RetryAdvice {
  const unsuccessful = counts.FAILED + counts.TIMED_OUT + counts.REJECTED
  if (unsuccessful === 0) return { refusal: 'No execution has failed.' }
  const criteria = job.jobExecutionsRetryConfig?.criteriaList ?? []
  if (criteria.length === 0) {
    return {
      hint: 'This job does not retry: it was created without a retry configuration. A new job can target the things that failed.',
    }
  }
  const words = criteria.map(
    (one) => `${statusInWords(one.failureType ?? 'ALL')} up to ${one.numberOfRetries ?? 0} times`,
  )
  return { hint: `Failed executions are retried by the service: ${words.join(', ')}.` }
}
