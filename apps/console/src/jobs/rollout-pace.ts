/** How fast a job goes, and when it will be done. */
import type { Job } from '@aws-sdk/client-iot'
import { createdIn, finishedIn, type Progress, type ProgressPoint } from './progress.ts'
import { planRollout } from './rollout-plan.ts'

const minuteMs = 60_000
/** How far back an estimate looks for executions that finished. */
const minutesMax = 10

/** Speeds of the last minute of the server's clock. */
export interface Pace {
  readonly createdPerMinute: number
  readonly finishedPerMinute: number
}

/** The pace over the last minutes, or over less where less is known; undefined for one point. */
export function pace({ points, nowMs }: Progress, minutes = 1): Pace | undefined {
  const last = points.at(-1)
  const from = pointBefore(points, nowMs - minutes * minuteMs)
  if (!last || !from || nowMs - from.atMs < 1000) return undefined
  const perMinute = (count: (point: ProgressPoint) => number): number =>
    Math.max(0, ((count(last) - count(from)) * minuteMs) / (nowMs - from.atMs))
  return { createdPerMinute: perMinute(createdIn), finishedPerMinute: perMinute(finishedIn) }
}

/** The last point at or before a moment, else the first. */
function pointBefore(points: readonly ProgressPoint[], atMs: number): ProgressPoint | undefined {
  return points.findLast((point) => point.atMs <= atMs) ?? points[0]
}

/** When a job will be done, or why nobody can say. */
export type Estimate =
  | { readonly name: 'at'; readonly atMs: number }
  | { readonly name: 'done' }
  | { readonly name: 'unknown'; readonly why: string }

/**
 * Estimates a job's end: the rollout goes on by its rules, and executions take as long as they took
 * lately.
 *
 * @param waiting - targets without an execution, where they are known
 */
export function estimatedEnd(
  job: Pick<Job, 'jobExecutionsRolloutConfig' | 'targetSelection'>,
  progress: Progress,
  waiting: number | undefined,
): Estimate {
  const last = progress.points.at(-1)
  if (!last || waiting === undefined) return unknown('how many targets are left is not known')
  const pending = last.queued + last.inProgress
  if (progress.status === 'COMPLETED' || progress.status === 'CANCELED') {
    return pending === 0 ? { name: 'done' } : unknown('the job was cancelled')
  }
  if (progress.status === 'SCHEDULED') return unknown('the job waits for its start or window')
  if (waiting + pending === 0) {
    return job.targetSelection === 'CONTINUOUS'
      ? unknown('a continuous job goes on for things that join')
      : { name: 'done' }
  }
  const lagMs = executionMs(progress)
  if (lagMs === undefined) return unknown('nothing has finished yet')
  // One minute shows a change at once; where it saw nothing, more tell whether anything moves.
  const finishing =
    pace(progress)?.finishedPerMinute || (pace(progress, minutesMax)?.finishedPerMinute ?? 0)
  if (waiting === 0) {
    return finishing === 0
      ? unknown(`nothing has finished in the last ${minutesMax} minutes`)
      : { name: 'at', atMs: progress.nowMs + (pending / finishing) * minuteMs }
  }
  const { rollout, nowMs } = progress
  const finished = finishedIn(last)
  const plan = planRollout({
    config: job.jobExecutionsRolloutConfig,
    waiting,
    startMs: nowMs,
    assumed: { executionMs: lagMs, successShare: finished === 0 ? 1 : last.succeeded / finished },
    before: { created: createdIn(last), succeeded: last.succeeded, pending },
    ...(rollout && rollout.minuteStartedAtMs !== null && rollout.phase === 'rolling'
      ? {
          minute: {
            startMs: rollout.minuteStartedAtMs,
            room: Math.max(0, rollout.ratePerMinute - rollout.createdInMinute),
          },
        }
      : {}),
  })
  return plan.finishedAtMs === undefined
    ? unknown('the rollout does not end within a year')
    : { name: 'at', atMs: plan.finishedAtMs }
}

/** How long executions take lately: how far the finished count is behind the created one. */
export function executionMs({ points, nowMs }: Progress): number | undefined {
  const last = points.at(-1)
  const finished = last ? finishedIn(last) : 0
  if (finished === 0) return undefined
  const then = points.find((point) => createdIn(point) >= finished)
  return then && Math.max(0, nowMs - then.atMs)
}

function unknown(why: string): Estimate {
  return { name: 'unknown', why }
}
