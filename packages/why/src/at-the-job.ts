/** What keeps a device that is there from doing its job: it does not listen, ask, or report right. */
import type { ExecutionFact, ThingFacts, TimelineFact } from './thing-facts.ts'
import { shownTime, type Finding } from './verdict.ts'

type Requested = Extract<TimelineFact, { kind: 'request' }>

/** Without a word for so long a device may have forgotten what it works on. */
const SILENT_MS = 10 * 60_000

/**
 * @param wanted - the execution that is asked about; `head` where none is
 * @param behind - how many wait behind the head
 */
export function working(
  facts: ThingFacts,
  head: ExecutionFact,
  wanted: ExecutionFact,
  behind: number,
): Finding {
  const trouble = rejectedRequests(facts, head)
  if (trouble !== undefined) return trouble
  const isSilent = facts.nowMs - head.lastUpdatedAtMs >= SILENT_MS
  if (head !== wanted || (head.status === 'IN_PROGRESS' && behind > 0 && isSilent)) {
    return behindAnother(facts, head, head === wanted ? undefined : wanted)
  }
  return head.status === 'QUEUED' ? unheard(facts, head) : atWork(facts, head)
}

/** The newest answer to a request about the head says what is wrong, where it was none it wanted. */
function rejectedRequests(facts: ThingFacts, head: ExecutionFact): Finding | undefined {
  const { thingName, timeline = [] } = facts
  const last = timeline.findLast(
    (entry): entry is Requested =>
      entry.kind === 'request' &&
      entry.atMs >= head.queuedAtMs &&
      (entry.jobId === null || entry.jobId === head.jobId),
  )
  if (last === undefined || last.code === null) return undefined
  const { atMs: sinceMs, code, operation } = last
  const about = { jobId: head.jobId, sinceMs }
  if (code === 'VersionMismatch') {
    return {
      reason: 'VERSION_CONFLICT',
      sentence: `${thingName} reports on job ${head.jobId} with a version that is not the current one: its last ${operation} at ${shownTime(sinceMs)} was rejected with ${code}`,
      nextStep:
        'let the device describe its execution after a rejection and send the version that it gets, or no expectedVersion',
      ...about,
    }
  }
  return {
    reason: 'REQUESTS_REJECTED',
    sentence: `the last ${operation} of ${thingName} for job ${head.jobId} at ${shownTime(sinceMs)} was rejected with ${code}`,
    nextStep:
      REJECTED_STEPS[code] ??
      'look at what the device sends: the reply on …/rejected says what was wrong',
    ...about,
  }
}

const REJECTED_STEPS: Readonly<Record<string, string>> = {
  InvalidStateTransition:
    'the device reports on an execution that is over: let it ask for the next one',
  InvalidStateTransitionException:
    'the device reports on an execution that is over, or with another version: let it describe the execution first',
  ResourceNotFound:
    'the device names a job that has no execution of it: let it ask for the next one',
  RequestThrottled: 'the device asks too often: let it back off',
  ThrottlingException: 'the device asks too often: let it back off',
}

function behindAnother(
  { thingName }: ThingFacts,
  head: ExecutionFact,
  wanted: ExecutionFact | undefined,
): Finding {
  const sinceMs = head.startedAtMs ?? head.queuedAtMs
  const what = head.status === 'IN_PROGRESS' ? 'is in progress' : 'is queued'
  const waits =
    wanted === undefined
      ? `and other jobs wait behind it: its last report was at ${shownTime(head.lastUpdatedAtMs)}`
      : `and job ${wanted.jobId} comes after it`
  return {
    reason: 'BEHIND_ANOTHER_EXECUTION',
    sentence: `job ${head.jobId} ${what} on ${thingName} since ${shownTime(sinceMs)}, ${waits}`,
    nextStep: `wait for job ${head.jobId}, or cancel its execution on ${thingName}${head.status === 'IN_PROGRESS' ? ' by force' : ''}`,
    jobId: wanted?.jobId ?? head.jobId,
    sinceMs,
  }
}

/** Queued, and the device is there. */
function unheard(facts: ThingFacts, head: ExecutionFact): Finding {
  const { thingName, connectivity, timeline } = facts
  const about = { jobId: head.jobId, sinceMs: head.queuedAtMs }
  if (connectivity === undefined && timeline === undefined) {
    return {
      reason: 'UNKNOWN',
      sentence: `job ${head.jobId} is queued for ${thingName} since ${shownTime(head.queuedAtMs)}, and nobody can tell whether the thing is connected`,
      nextStep: 'switch the fleet index of connectivity on: thingConnectivityIndexingMode STATUS',
      ...about,
    }
  }
  const told = timeline?.filter(
    (entry) => entry.kind === 'notified' && entry.jobId === head.jobId,
  ) as readonly Extract<TimelineFact, { kind: 'notified' }>[] | undefined
  const asked = timeline?.findLast(
    ({ kind, atMs }) => kind === 'request' && atMs >= head.queuedAtMs,
  )
  if (told !== undefined && told.length > 0 && told.every(({ receivers }) => receivers === 0)) {
    return {
      reason: 'NOT_SUBSCRIBED',
      sentence: `${thingName} is connected but subscribed to none of its jobs topics: the notification of job ${head.jobId} at ${shownTime(told.at(-1)?.atMs ?? head.queuedAtMs)} reached nobody`,
      nextStep: `let the device subscribe to $aws/things/${thingName}/jobs/notify-next, and ask for its next job when it connects`,
      ...about,
    }
  }
  const queued = `job ${head.jobId} is queued for ${thingName} since ${shownTime(head.queuedAtMs)}`
  const sentence =
    asked === undefined
      ? `${queued}, and the device, which is there, has asked for nothing since`
      : `${queued}; the device asked last at ${shownTime(asked.atMs)}, and did not start it`
  return {
    reason: 'NOTIFIED_BUT_SILENT',
    sentence,
    nextStep:
      'look at the device: its jobs agent does not answer a notification with start-next or an update',
    ...about,
  }
}

function atWork({ thingName, nowMs }: ThingFacts, head: ExecutionFact): Finding {
  const sinceMs = head.startedAtMs ?? head.lastUpdatedAtMs
  const { timesOutAtMs } = head
  const isSilent = nowMs - head.lastUpdatedAtMs >= SILENT_MS
  const end = timesOutAtMs === undefined ? '' : `; it times out at ${shownTime(timesOutAtMs)}`
  return {
    reason: 'UPDATING',
    sentence: `${thingName} is at work on job ${head.jobId} since ${shownTime(sinceMs)}, with its last report at ${shownTime(head.lastUpdatedAtMs)}${end}`,
    nextStep:
      isSilent && timesOutAtMs === undefined
        ? 'no timer runs that would end it: give the job a timeout, or cancel the execution by force'
        : '',
    jobId: head.jobId,
    sinceMs,
  }
}
