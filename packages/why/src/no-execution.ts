/** Why a thing has no execution to do: jobs that have not come to it, those that are over, or none. */
import type { ExecutionFact, JobFact, ThingFacts } from './thing-facts.ts'
import { shownTime, type Finding } from './verdict.ts'

/** @param wanted - the job that is asked about */
export function nothingPending(facts: ThingFacts, wanted: string | undefined): Finding {
  const { jobs, ended } = facts
  const isWanted = ({ jobId }: { readonly jobId: string }): boolean =>
    wanted === undefined || jobId === wanted
  const reached = new Set(ended.map(({ jobId }) => jobId))
  const unreached = jobs.filter((job) => isWanted(job) && !reached.has(job.jobId))
  const coming = unreached.filter(
    ({ status }) => status === 'IN_PROGRESS' || status === 'SCHEDULED',
  )
  const last = ended.find(isWanted)
  // The job that will come first; with none to come, what was last.
  const waits = coming.map((job) => notReached(facts, job))
  const next = waits.find(({ reason }) => reason !== 'JOINED_TOO_LATE')
  if (next !== undefined) return next
  const stopped = unreached.find(
    ({ status, createdAtMs }) =>
      (status === 'CANCELED' || status === 'COMPLETED') && createdAtMs > (last?.queuedAtMs ?? 0),
  )
  if (waits[0] !== undefined && last === undefined) return waits[0]
  if (stopped !== undefined) return jobStopped(facts, stopped)
  if (last !== undefined) return isOver(facts, last)
  return waits[0] ?? nothingTargets(facts, wanted)
}

/** A live job that targets the thing and has no execution of it. */
function notReached({ thingName, nowMs }: ThingFacts, job: JobFact): Finding {
  const { jobId, startsAtMs, rollout } = job
  if (startsAtMs !== undefined && startsAtMs > nowMs) {
    return {
      reason: 'WAITING_FOR_START',
      sentence: `job ${jobId} targets ${thingName} and starts at ${shownTime(startsAtMs)}`,
      nextStep: 'wait for its start, or create the job without one',
      jobId,
    }
  }
  if (job.isWindowed && job.status === 'SCHEDULED') return waitsForWindow(thingName, job)
  if (rollout?.phase === 'done' && job.targetSelection === 'SNAPSHOT') {
    return {
      reason: 'JOINED_TOO_LATE',
      sentence: `job ${jobId} took its targets when it was created, before ${thingName} was one of them`,
      nextStep: 'create a job for the thing, or use continuous jobs for things that join later',
      jobId,
    }
  }
  const rate = rollout?.ratePerMinute ?? 0
  const pace =
    rollout === undefined
      ? ''
      : `: ${rollout.waiting} targets wait, ${rate} a minute are let through`
  const minutes =
    rollout === undefined || rate === 0 ? undefined : Math.ceil(rollout.waiting / rate)
  return {
    reason: 'WAITING_FOR_ROLLOUT',
    sentence: `the rollout of job ${jobId} has not come to ${thingName} yet${pace}`,
    nextStep:
      minutes === undefined
        ? 'wait for its minute of the rollout, or raise the job’s rate'
        : `wait ${minutes} minute${minutes === 1 ? '' : 's'} at most, or raise the job’s rate`,
    jobId,
    sinceMs: job.createdAtMs,
  }
}

/** A job whose executions are shown in maintenance windows only. */
export function waitsForWindow(thingName: string, { jobId, nextWindowMs }: JobFact): Finding {
  const when =
    nextWindowMs === undefined
      ? 'no window is to come'
      : `the next one opens at ${shownTime(nextWindowMs)}`
  return {
    reason: 'WAITING_FOR_WINDOW',
    sentence: `job ${jobId} gives ${thingName} work in its maintenance windows only, and ${when}`,
    nextStep:
      nextWindowMs === undefined
        ? 'create the job anew with windows that come, or without any'
        : 'wait for the window, or create a job without windows',
    jobId,
  }
}

function jobStopped({ thingName }: ThingFacts, { jobId, status, reasonCode }: JobFact): Finding {
  const why = reasonCode === undefined ? '' : ` (${reasonCode})`
  return {
    reason: 'JOB_STOPPED',
    sentence: `job ${jobId} is ${status}${why} and never came to ${thingName}`,
    nextStep: 'create a new job for the things that it did not reach',
    jobId,
  }
}

const OVER: Readonly<Record<string, { readonly how: string; readonly nextStep: string }>> = {
  FAILED: {
    how: 'failed on',
    nextStep: 'read the status details that the device gave, mend it, and create a new job for it',
  },
  REJECTED: {
    how: 'was rejected by',
    nextStep: 'read the status details that the device gave: it did not want this document',
  },
  TIMED_OUT: {
    how: 'timed out on',
    nextStep:
      'find out why the device did not report in time, or give it more: a timeout or a retry',
  },
  CANCELED: {
    how: 'was canceled on',
    nextStep: 'create a new job for it, if it is to have the update',
  },
  REMOVED: {
    how: 'was taken from',
    nextStep: 'the thing left the job’s targets or was deleted: target it again',
  },
}

function isOver({ thingName }: ThingFacts, last: ExecutionFact): Finding {
  const { jobId, status, lastUpdatedAtMs: sinceMs, details } = last
  const over = OVER[status]
  if (over === undefined) {
    return {
      reason: 'UP_TO_DATE',
      sentence: `${thingName} did its last job ${jobId} at ${shownTime(sinceMs)}, and no other one waits for it`,
      nextStep: '',
      jobId,
      sinceMs,
    }
  }
  const said = Object.entries(details ?? {}).map(([name, value]) => `${name}: ${value}`)
  return {
    reason: status as Finding['reason'],
    sentence: `job ${jobId} ${over.how} ${thingName} at ${shownTime(sinceMs)}${said.length === 0 ? '' : ` (${said.join(', ')})`}`,
    nextStep: over.nextStep,
    jobId,
    sinceMs,
  }
}

function nothingTargets({ thingName, notRead }: ThingFacts, wanted: string | undefined): Finding {
  const unread = notRead.filter((what) => /Job/.test(what))
  if (unread.length > 0) {
    return {
      reason: 'UNKNOWN',
      sentence: `nobody can tell whether a job targets ${thingName}: ${unread.join('; ')}`,
      nextStep: 'ask with credentials that may call these operations',
    }
  }
  return {
    reason: 'NOTHING_TARGETS_IT',
    sentence:
      wanted === undefined
        ? `no job targets ${thingName} or a group that it is in`
        : `job ${wanted} does not target ${thingName} or a group that it is in`,
    nextStep: 'create a job for it, or add it to a group that a continuous job targets',
    ...(wanted !== undefined && { jobId: wanted }),
  }
}
