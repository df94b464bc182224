/**
 * Creating a job's executions at its rate (jobs J72, J75, J92 to J95).
 */
import { isTerminal } from './job-execution.ts'
import { completeIfDone } from './job-end.ts'
import { isWindowed, type Job } from './job.ts'
import { announce } from './pending.ts'
import type { JobsContext } from './ports.ts'
import { rolloutRatePerMinute } from './rollout-rate.ts'
import { isCovered, resolveTargets, targetNames } from './targets.ts'
import { queueExecution } from './transitions.ts'
import { rolloutWork } from './work.ts'

const MINUTE_MS = 60_000

/** Puts the things that the targets reach now into the rollout queue. */
export function queueResolvedTargets(ctx: JobsContext, job: Job): void {
  const things = resolveTargets(ctx, targetNames(ctx, job.config))
  ctx.state.queueTargets(job.config.jobId, things)
}

/** Begins a rollout: a CONTINUOUS job looks at its groups now, a SNAPSHOT job has (jobs J75). */
export function beginRollout(ctx: JobsContext, job: Job, nowMs: number): void {
  if (job.config.targetSelection === 'CONTINUOUS') queueResolvedTargets(ctx, job)
  job.progress.status = 'IN_PROGRESS'
  resumeRollout(ctx, job, nowMs)
}

/** Lets the rollout go on, in a fresh minute unless one is running. */
export function resumeRollout(ctx: JobsContext, job: Job, nowMs: number): void {
  const { rollout } = job.progress
  if (rollout.phase === 'waiting' || nowMs >= rollout.minuteStartMs + MINUTE_MS) {
    rollout.minuteStartMs = nowMs
    rollout.createdInMinute = 0
    setRate(ctx, job)
  }
  rollout.phase = 'rolling'
  ctx.putDue(rolloutWork(job.config.jobId), nowMs)
  ctx.state.putProgress(job)
}

/** Takes the rate from the configuration, for the minute that runs. The caller puts. */
export function setRate(ctx: JobsContext, job: Job): void {
  const { config, progress } = job
  progress.rollout.ratePerMinute = rolloutRatePerMinute(
    config.jobExecutionsRolloutConfig,
    progress.rollout.notified,
    progress.things.SUCCEEDED,
    ctx.limits.rolloutPerMinuteMax,
  )
}

/**
 * One slice of a rollout; puts itself due again until the queue is empty.
 *
 * @returns executions handled
 */
export function rollOut(ctx: JobsContext, job: Job, nowMs: number): number {
  const { config, progress } = job
  const { rollout } = progress
  const work = rolloutWork(config.jobId)
  ctx.state.deleteDue(work)
  if (progress.status !== 'IN_PROGRESS' || rollout.phase !== 'rolling') return 0
  if (isWindowed(config) && progress.windowUntilMs === undefined) return 0
  const minutes = Math.floor((nowMs - rollout.minuteStartMs) / MINUTE_MS)
  if (minutes > 0) {
    rollout.minuteStartMs += minutes * MINUTE_MS
    rollout.createdInMinute = 0
    setRate(ctx, job)
  }
  const room = Math.min(ctx.limits.sliceExecutions, rollout.ratePerMinute - rollout.createdInMinute)
  const taken = room > 0 ? ctx.state.takeTargets(config.jobId, room) : []
  for (const thingName of taken) {
    if (!mayReceive(ctx, job, thingName)) continue
    const execution = queueExecution(ctx, job, thingName, 0, nowMs)
    rollout.createdInMinute += 1
    rollout.notified += 1
    announce(ctx, undefined, execution, nowMs)
  }
  if (!ctx.state.hasTargets(config.jobId)) {
    rollout.phase = 'done'
    ctx.state.putProgress(job)
    completeIfDone(ctx, job, nowMs)
    return taken.length
  }
  const full = rollout.createdInMinute >= rollout.ratePerMinute
  ctx.putDue(work, full ? rollout.minuteStartMs + MINUTE_MS : nowMs)
  ctx.state.putProgress(job)
  return taken.length
}

/** Whether a queued target still wants its execution when its turn comes. */
function mayReceive(ctx: JobsContext, job: Job, thingName: string): boolean {
  const { config } = job
  if (!ctx.registry.thingExists(thingName)) return false
  if (config.targetSelection === 'SNAPSHOT') return true
  const latest = ctx.state.latestExecution(config.jobId, thingName)
  // One that ran on when its thing left is the only one until it ends (jobs J76, J77).
  if (latest !== undefined && (latest.uncovered !== true || !isTerminal(latest.status)))
    return false
  return isCovered(ctx, config, thingName)
}
