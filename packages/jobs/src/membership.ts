/**
 * What jobs make of things and groups that change (jobs J75 to J78).
 */
import { iotArn } from '@muster/model'
import { isWindowed, type Job } from './job.ts'
import { isTerminal, type JobExecution } from './job-execution.ts'
import { announce } from './pending.ts'
import type { JobsContext } from './ports.ts'
import { isCovered } from './targets.ts'
import { endExecution, queueExecution } from './transitions.ts'
import { checkWork } from './work.ts'

/** A thing is gone: its pending executions are REMOVED (jobs J78). */
export function thingDeleted(ctx: JobsContext, thingName: string, nowMs: number): void {
  for (;;) {
    const pending = ctx.state.unfinished(thingName, ctx.limits.sliceExecutions)
    if (pending.length === 0) return
    for (const execution of pending) {
      const job = ctx.state.job(execution.jobId)
      if (job === undefined) return
      endExecution(ctx, job, execution, { status: 'REMOVED', uncovered: true }, nowMs)
    }
  }
}

/** A thing joined or left a static or dynamic group (jobs J75 to J77). */
export function membershipChanged(
  ctx: JobsContext,
  thingName: string,
  thingGroupName: string,
  hasJoined: boolean,
  nowMs: number,
): void {
  const groups = [thingGroupName, ...ctx.registry.ancestorsOfGroup(thingGroupName)]
  const jobIds = new Set<string>()
  for (const group of groups) {
    const arn = iotArn(ctx.account, 'thinggroup', group)
    for (const jobId of ctx.state.continuousJobs(arn)) jobIds.add(jobId)
  }
  for (const jobId of jobIds) {
    const job = ctx.state.job(jobId)
    if (job === undefined) continue
    if (hasJoined) joined(ctx, job, thingName, nowMs)
    else if (!isCovered(ctx, job.config, thingName)) left(ctx, job, thingName, nowMs)
  }
}

/** A group is gone: its CONTINUOUS jobs look at their pending executions again, in slices. */
export function groupDeleted(ctx: JobsContext, thingGroupName: string, nowMs: number): void {
  const arn = iotArn(ctx.account, 'thinggroup', thingGroupName)
  for (const jobId of ctx.state.continuousJobs(arn)) {
    const job = ctx.state.job(jobId)
    if (job === undefined) continue
    job.progress.checking = {}
    ctx.state.putProgress(job)
    ctx.putDue(checkWork(jobId), nowMs)
  }
}

/** One slice of the look that {@link groupDeleted} asked for. */
export function checkCoverage(ctx: JobsContext, job: Job, nowMs: number): number {
  const { jobId } = job.config
  const most = ctx.limits.sliceExecutions
  const { after } = job.progress.checking ?? {}
  const { executions, next } = ctx.state.executionsOfJob(jobId, undefined, after, most)
  for (const { thingName } of executions) {
    if (!isCovered(ctx, job.config, thingName)) left(ctx, job, thingName, nowMs)
  }
  if (next === undefined) {
    delete job.progress.checking
    ctx.state.deleteDue(checkWork(jobId))
  } else {
    job.progress.checking = { after: next }
    ctx.putDue(checkWork(jobId), nowMs)
  }
  ctx.state.putProgress(job)
  return executions.length
}

/**
 * Queues the next execution at once, outside the rollout rate (jobs J75): unless the thing awaits its
 * turn, or has an execution that is not finished (J76, J77).
 */
function joined(ctx: JobsContext, job: Job, thingName: string, nowMs: number): void {
  const { config, progress } = job
  const { jobId } = config
  const { rollout } = progress
  if (rollout.phase === 'waiting' || progress.ended === true) return
  const latest = ctx.state.latestExecution(jobId, thingName)
  if (latest !== undefined && !isTerminal(latest.status)) return
  if (rollout.phase === 'rolling' && ctx.state.isTargetQueued(jobId, thingName)) return
  // Whatever the thing did before counts no more: retries begin anew (jobs J63).
  if (latest !== undefined) uncover(ctx, latest)
  if (isWindowed(config) && progress.windowUntilMs === undefined) {
    // Between two windows nothing is created: the thing waits in the rollout queue (jobs J101).
    ctx.state.queueTargets(jobId, [thingName])
    rollout.phase = 'rolling'
    ctx.state.putProgress(job)
    return
  }
  if (progress.status !== 'IN_PROGRESS') return
  announce(ctx, undefined, queueExecution(ctx, job, thingName, 0, nowMs), nowMs)
}

/**
 * jobs J77: a QUEUED execution is REMOVED, at its version; a running one goes on and may finish, but
 * is not retried.
 */
function left(ctx: JobsContext, job: Job, thingName: string, nowMs: number): void {
  const latest = ctx.state.latestExecution(job.config.jobId, thingName)
  if (latest === undefined) return
  if (latest.status !== 'QUEUED') {
    uncover(ctx, latest)
    return
  }
  const ending = { status: 'REMOVED', uncovered: true, keepsVersion: true } as const
  endExecution(ctx, job, latest, ending, nowMs)
}

function uncover(ctx: JobsContext, latest: JobExecution): void {
  if (latest.uncovered !== true) ctx.state.updateExecution({ ...latest, uncovered: true })
}
