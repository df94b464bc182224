/**
 * Refusals that many control-plane operations share.
 */
import { refuse, type Refused } from '@muster/model'

/** 404 for a job. */
export function noSuchJob(jobId: string | undefined): Refused {
  return refuse('ResourceNotFoundException', `job \`${jobId ?? ''}\` does not exist`)
}

/** 409 for a status that does not allow the change. */
export function invalidTransition(message: string): Refused {
  return refuse('InvalidStateTransitionException', message)
}

/** 410 for a quota. */
export function limitExceeded(message: string): Refused {
  return refuse('LimitExceededException', message)
}
