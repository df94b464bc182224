/** Words that forms offer, as AWS writes them. */

/** How executions end that count towards an abort. */
export const failureTypes = ['ALL', 'FAILED', 'REJECTED', 'TIMED_OUT'] as const
export type FailureType = (typeof failureTypes)[number]

/** How executions end that may be tried again. */
export const retryTypes = ['FAILED', 'TIMED_OUT', 'ALL'] as const

/** What happens at a job's end time. */
export const endBehaviors = ['STOP_ROLLOUT', 'CANCEL', 'FORCE_CANCEL'] as const
export type EndBehavior = (typeof endBehaviors)[number]

const failureWords: Readonly<Record<FailureType, string>> = {
  ALL: 'not successful in any way',
  FAILED: 'failed',
  REJECTED: 'rejected',
  TIMED_OUT: 'timed out',
}

const endWords: Readonly<Record<EndBehavior, string>> = {
  STOP_ROLLOUT: 'Create no more executions; let those there are go on',
  CANCEL: 'Cancel the executions that are queued too',
  FORCE_CANCEL: 'Cancel the executions in progress too',
}

/** A failure type for people. */
export function failureInWords(type: FailureType): string {
  return failureWords[type]
}

/** An end behaviour for people. */
export function endInWords(behavior: EndBehavior): string {
  return endWords[behavior]
}
