/**
 * Why a device is not updating: the first obstacle on the way from the job to the device and back.
 */
import { working } from './at-the-job.ts'
import { unreachable } from './before-the-job.ts'
import { nothingPending, waitsForWindow } from './no-execution.ts'
import type { ExecutionFact, JobFact, ThingFacts } from './thing-facts.ts'
import type { Finding, Verdict } from './verdict.ts'

const WELL: ReadonlySet<string> = new Set(['UPDATING', 'UP_TO_DATE'])

/**
 * Judges the facts; always the same for the same ones.
 *
 * @param jobId - the job that is asked about; absent: whichever is next for the thing
 */
export function explainThing(facts: ThingFacts, jobId?: string): Verdict {
  const found = finding(facts, jobId)
  return {
    thingName: facts.thingName,
    reason: found.reason,
    isWell: WELL.has(found.reason),
    sentence: found.sentence,
    nextStep: found.nextStep,
    jobId: found.jobId ?? null,
    sinceMs: found.sinceMs ?? null,
    decisionId: found.decisionId ?? null,
  }
}

function finding(facts: ThingFacts, jobId: string | undefined): Finding {
  const { thingName, pending, jobs } = facts
  if (!facts.exists) {
    return {
      reason: 'NO_SUCH_THING',
      sentence: `there is no thing ${thingName}`,
      nextStep: 'look at its name, or create the thing',
    }
  }
  const wanted = pending.find((execution) => execution.jobId === jobId)
  if (pending.length === 0 || (jobId !== undefined && wanted === undefined)) {
    return nothingPending(facts, jobId)
  }
  const shown = pending.filter((execution) => closedWindow(execution, jobs) === undefined)
  const closed = wanted === undefined ? undefined : closedWindow(wanted, jobs)
  const [head] = shown
  if (closed !== undefined) return waitsForWindow(thingName, closed)
  if (head === undefined) {
    const job = pending.map((execution) => closedWindow(execution, jobs)).find(Boolean)
    return job === undefined ? nothingPending(facts, jobId) : waitsForWindow(thingName, job)
  }
  return unreachable(facts, head) ?? working(facts, head, wanted ?? head, shown.length - 1)
}

/** The job that hides a queued execution until its maintenance window opens. */
function closedWindow(execution: ExecutionFact, jobs: readonly JobFact[]): JobFact | undefined {
  if (execution.status !== 'QUEUED') return undefined
  return jobs.find(
    ({ jobId, isWindowed, status }) =>
      jobId === execution.jobId && isWindowed && status === 'SCHEDULED',
  )
}
