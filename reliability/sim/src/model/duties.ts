/**
 * What must have been done once nothing is left to do at this moment: no timer is late, no rollout
 * stands still, nothing cancelled waits.
 */
import { must } from '../violation.ts'
import {
  countsOf,
  isCovered,
  isRetried,
  isOwed,
  newestOf,
  rateNow,
  thingsIn,
  timesOutAtMs,
  type ModelJob,
  type ModelState,
} from './state.ts'

/** Checks all duties of the service. @throws Violation */
export function checkDuties(state: ModelState, nowMs: number): void {
  for (const execution of state.executions) {
    const { jobId, thing, number, status } = execution
    const at = `${jobId}/${thing}/${number}`
    const job = state.jobs.get(jobId)
    must(job !== undefined, 'nothing lost', () => `${at} is left of a job that is gone (jobs J82)`)
    must(timesOutAtMs(execution) > nowMs, 'timers', () => {
      return `${at} should have timed out ${nowMs - timesOutAtMs(execution)} ms ago (jobs J60)`
    })
    const isNewest = newestOf(state, jobId, thing) === execution
    const isDropped = job.forgiven.has(thing)
    must(!isNewest || isDropped || !isRetried(state, execution), 'retries', () => {
      return `${at} in ${status} was not tried again (jobs J62)`
    })
    if (status !== 'QUEUED' && status !== 'IN_PROGRESS') continue
    must(state.registry.things.has(thing), 'targets', () => {
      return `${at} is ${status} on a thing that is gone (jobs J78)`
    })
    if (job.status === 'CANCELED') {
      must(status === 'IN_PROGRESS' && !job.isForced, 'cancel', () => {
        return `${at} is ${status} in a job that is canceled${job.isForced ? ' by force' : ''} (jobs J80)`
      })
    }
    must(job.status !== 'COMPLETED', 'jobs', () => `${at} is ${status} in a completed job (J73)`)
  }
  for (const job of state.jobs.values()) checkJob(state, job, nowMs)
}

function checkJob(state: ModelState, job: ModelJob, nowMs: number): void {
  const { jobId } = job
  must(job.status !== 'DELETION_IN_PROGRESS', 'jobs', () => `job ${jobId} is not gone (jobs J82)`)
  if (job.status !== 'IN_PROGRESS') return
  const waiting = [...job.waiting].filter((thing) => isOwed(state, job, thing))
  if (waiting.length > 0) {
    const isSameMinute = nowMs < job.minuteStartMs + 60_000
    const created = isSameMinute ? job.createdInMinute : 0
    const rate = isSameMinute ? job.ratePerMinute : rateNow(state, job)
    must(created >= rate, 'rollout rate', () => {
      return `${waiting.length} things of job ${jobId} wait after ${created} of ${rate} a minute (jobs J92)`
    })
  }
  const counts = countsOf(state, jobId)
  const isLeft = counts.QUEUED + counts.IN_PROGRESS > 0 || waiting.length > 0
  must(job.selection === 'CONTINUOUS' || isLeft || job.waiting.size > 0, 'jobs', () => {
    return `job ${jobId} is done and not completed: ${JSON.stringify(counts)} (jobs J73)`
  })
  if (job.selection === 'CONTINUOUS') checkContinuous(state, job)
}

/** jobs J75 to J77. */
function checkContinuous(state: ModelState, job: ModelJob): void {
  for (const group of job.groups) {
    for (const thing of thingsIn(state.registry, group)) {
      const newest = newestOf(state, job.jobId, thing)
      const isServed = job.waiting.has(thing) || (newest !== undefined && !leftAndCame(newest))
      must(isServed || job.forgiven.has(thing), 'targets', () => {
        return `${thing} joined ${group} and got nothing of job ${job.jobId} (jobs J75)`
      })
    }
  }
  for (const { jobId, thing, status } of state.executions) {
    const isStray = jobId === job.jobId && status === 'QUEUED' && !isCovered(state, job, thing)
    must(!isStray, 'targets', () => `${thing} left the targets of job ${jobId} and waits (J77)`)
  }
}

/** Gone from the targets with its last execution; one that still ran when it came back may end (J77). */
function leftAndCame({ status, hasLeft }: { status: string; hasLeft: boolean }): boolean {
  return hasLeft && status === 'REMOVED'
}
