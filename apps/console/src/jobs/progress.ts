/**
 * How a job's counters moved: from the server's own record where there is one, else as the page saw
 * them. Points are counters of executions by status at moments of the server's clock.
 */
import type { Job } from '@aws-sdk/client-iot'
import { executionStatuses, noCounts, type ExecutionStatus, type StatusCounts } from './status.ts'

/** One point as `GET /_muster/jobs/ID/progress` tells it. */
export interface ProgressPoint {
  readonly atMs: number
  readonly queued: number
  readonly inProgress: number
  readonly succeeded: number
  readonly failed: number
  readonly rejected: number
  readonly timedOut: number
  readonly canceled: number
  readonly removed: number
}

/** How far the rollout is, as the same answer tells it. */
export interface RolloutState {
  readonly phase: 'waiting' | 'rolling' | 'done'
  /** Of the running rollout minute; 0 before the first. */
  readonly ratePerMinute: number
  readonly minuteStartedAtMs: number | null
  readonly createdInMinute: number
  /** Executions that the rollout made so far. */
  readonly created: number
  /** Targets that wait for their execution. */
  readonly waiting: number
}

/** The whole answer. */
export interface Progress {
  readonly jobId: string
  readonly status: string
  readonly nowMs: number
  readonly createdAtMs: number
  /** When the first point was taken. */
  readonly recordedSinceMs: number
  /** Oldest first; the last one is the counters of now. */
  readonly points: readonly ProgressPoint[]
  /** undefined where only AWS's own operations can be asked. */
  readonly rollout?: RolloutState
  readonly windowUntilMs?: number | null
}

const members: Readonly<Record<ExecutionStatus, Exclude<keyof ProgressPoint, 'atMs'>>> = {
  QUEUED: 'queued',
  IN_PROGRESS: 'inProgress',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  REJECTED: 'rejected',
  TIMED_OUT: 'timedOut',
  CANCELED: 'canceled',
  REMOVED: 'removed',
}

/** Counters by status of a point. */
export function countsAt(point: ProgressPoint | undefined): StatusCounts {
  const counts: Record<ExecutionStatus, number> = { ...noCounts }
  if (point) for (const status of executionStatuses) counts[status] = point[members[status]]
  return counts
}

/** A point of counters by status. */
export function pointOf(counts: StatusCounts, atMs: number): ProgressPoint {
  return {
    atMs,
    queued: counts.QUEUED,
    inProgress: counts.IN_PROGRESS,
    succeeded: counts.SUCCEEDED,
    failed: counts.FAILED,
    rejected: counts.REJECTED,
    timedOut: counts.TIMED_OUT,
    canceled: counts.CANCELED,
    removed: counts.REMOVED,
  }
}

/** Most points that a page keeps of a job that it watches itself. */
const pointsMax = 500

/**
 * Adds a reading of DescribeJob to what the page saw before. Full, it drops every other point.
 *
 * @param atMs - not before the last point
 */
export function watched(
  before: Progress | undefined,
  job: Job,
  counts: StatusCounts,
  atMs: number,
): Progress {
  const point = pointOf(counts, atMs)
  const points = before?.points ?? []
  const thinned = points.length < pointsMax ? points : points.filter((_, index) => index % 2 === 0)
  return {
    jobId: job.jobId ?? '',
    status: job.status ?? '',
    nowMs: atMs,
    createdAtMs: job.createdAt?.getTime() ?? atMs,
    recordedSinceMs: points[0]?.atMs ?? atMs,
    points: [...thinned, point],
  }
}

/** Parallel columns for a chart, oldest first. */
export interface ProgressColumns {
  /** Epoch seconds. */
  readonly atSeconds: readonly number[]
  /** Executions created so far. */
  readonly created: readonly number[]
  readonly inProgress: readonly number[]
  readonly succeeded: readonly number[]
  /** Failed, rejected or timed out. */
  readonly unsuccessful: readonly number[]
}

/** The columns of a job's points. */
export function progressColumns(points: readonly ProgressPoint[]): ProgressColumns {
  return {
    atSeconds: points.map(({ atMs }) => atMs / 1000),
    created: points.map(createdIn),
    inProgress: points.map(({ inProgress }) => inProgress),
    succeeded: points.map(({ succeeded }) => succeeded),
    unsuccessful: points.map(unsuccessfulIn),
  }
}

/** Executions that a point counts. */
export function createdIn(point: ProgressPoint): number {
  return point.queued + point.inProgress + finishedIn(point)
}

/** Executions of a point that will not change any more. */
export function finishedIn(point: ProgressPoint): number {
  return point.succeeded + unsuccessfulIn(point) + point.canceled + point.removed
}

function unsuccessfulIn({ failed, rejected, timedOut }: ProgressPoint): number {
  return failed + rejected + timedOut
}
