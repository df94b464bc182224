/**
 * Refusals that many control-plane operations share.
 */
import { refuse, type Refused } from '@muster/model'
import type { JobsContext } from './ports.ts'

/** 404 for a job. */
export function noSuchJob(jobId: string | undefined): Refused {
  return refuse('ResourceNotFoundException', `Job ${jobId ?? ''} cannot be found.`)
}

/** 409 for a status that does not allow the change. */
export function invalidTransition(message: string): Refused {
  return refuse('InvalidStateTransitionException', message)
}

/** 410 for a quota. */
export function limitExceeded(message: string): Refused {
  return refuse('LimitExceededException', message)
}

/** 404 for an execution that an operator asks for (jobs §4). */
export function noSuchExecution(ctx: JobsContext, jobId: string, thingName: string): Refused {
  const message =
    ctx.state.job(jobId) === undefined
      ? `Job execution cannot be found as the Job ${jobId} does not exist.`
      : `Job execution for thing ${thingName} cannot be found within job ${jobId}.`
  return refuse('ResourceNotFoundException', message)
}

/** 404 for a job template. */
export function noSuchTemplate(jobTemplateId: string | undefined): Refused {
  return refuse('ResourceNotFoundException', `Job Template ${jobTemplateId ?? ''} cannot be found.`)
}
