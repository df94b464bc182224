/**
 * Refusals that many control-plane operations share.
 */
import { refuse, type Outcome } from '@muster/model'

/** 400 (jobs §4). */
export function invalidRequest(message: string): Outcome<never> {
  return refuse('InvalidRequestException', message)
}

/** 404 for a job. */
export function noSuchJob(jobId: string | undefined): Outcome<never> {
  return refuse('ResourceNotFoundException', `job \`${jobId ?? ''}\` does not exist`)
}

/** 409 for a status that does not allow the change. */
export function invalidTransition(message: string): Outcome<never> {
  return refuse('InvalidStateTransitionException', message)
}

/** 410 for a quota. */
export function limitExceeded(message: string): Outcome<never> {
  return refuse('LimitExceededException', message)
}
