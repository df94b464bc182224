/**
 * How a job's counters moved: a bounded series that is as fine as its length allows.
 */
import { JOB_EXECUTION_STATUSES, type JobExecutionStatus } from './job-execution.ts'

/** Points of a series, whatever the job's size and duration. */
export const PROGRESS_POINTS_MAX = 500
/** Points that are kept: the present is one more. */
const KEPT_MAX = PROGRESS_POINTS_MAX - 1
/** Milliseconds that a new series tells apart. */
const RESOLUTION_MS = 100

/** Counters of a job at one moment. */
export interface ProgressPoint {
  /** Clock time, epoch milliseconds. */
  readonly atMs: number
  /** Executions by status, as DescribeJob counts them. */
  readonly things: Readonly<Record<JobExecutionStatus, number>>
}

/** A series as it is kept between two runs. */
export interface KeptSeries {
  /** The job's creation: another job of the same name has a series of its own. */
  readonly createdAtMs: number
  readonly resolutionMs: number
  /** Each point as its time and its counters in the order of {@link JOB_EXECUTION_STATUSES}. */
  readonly rows: readonly (readonly number[])[]
}

/**
 * The points of one job. Each has the counters as they were at its time; of points that are nearer
 * together than the resolution the last one stays. Whenever there are too many, the resolution doubles,
 * so that recording costs the same however long it goes on.
 */
export class ProgressSeries {
  readonly createdAtMs: number
  #resolutionMs: number
  #points: ProgressPoint[]

  constructor({ createdAtMs, resolutionMs, rows }: KeptSeries) {
    this.createdAtMs = createdAtMs
    this.#resolutionMs = resolutionMs
    this.#points = rows.map(pointOf)
  }

  /** Milliseconds; a power of two times the finest. */
  get resolutionMs(): number {
    return this.#resolutionMs
  }

  /** Oldest first, never more than {@link PROGRESS_POINTS_MAX} with one to come. */
  get points(): readonly ProgressPoint[] {
    return this.#points
  }

  /**
   * Records the counters, unless they are as they were.
   *
   * @returns whether there is one point more than before, or fewer: not just a later last one
   */
  record(atMs: number, things: ProgressPoint['things']): boolean {
    const last = this.#points.at(-1)
    if (last !== undefined && isSame(last.things, things)) return false
    const point = { atMs, things: { ...things } }
    // The first point stays: the series says since when it tells.
    const isNear =
      last !== undefined && this.#points.length > 1 && this.#bucket(last) === this.#bucket(point)
    if (isNear) {
      this.#points[this.#points.length - 1] = point
      return false
    }
    this.#points.push(point)
    while (this.#points.length > KEPT_MAX) this.#halve()
    return true
  }

  /**
   * The series with the counters of this moment as its last point.
   *
   * @param goesOn - whether they are told again now where they are as they were
   */
  until(nowMs: number, things: ProgressPoint['things'], goesOn: boolean): readonly ProgressPoint[] {
    const last = this.#points.at(-1)
    if (!goesOn && last !== undefined && isSame(last.things, things)) return this.#points
    const before = last?.atMs === nowMs ? this.#points.slice(0, -1) : this.#points
    return [...before, { atMs: nowMs, things: { ...things } }]
  }

  keep(): KeptSeries {
    const { createdAtMs, resolutionMs } = this
    return { createdAtMs, resolutionMs, rows: this.#points.map(rowOf) }
  }

  #bucket({ atMs }: ProgressPoint): number {
    return Math.floor(atMs / this.#resolutionMs)
  }

  #halve(): void {
    this.#resolutionMs *= 2
    const all = this.#points
    this.#points = all.filter((point, index) => {
      const next = all[index + 1]
      return index === 0 || next === undefined || this.#bucket(point) !== this.#bucket(next)
    })
  }
}

/** A series that begins now. */
export function newProgressSeries(createdAtMs: number): ProgressSeries {
  return new ProgressSeries({ createdAtMs, resolutionMs: RESOLUTION_MS, rows: [] })
}

function rowOf({ atMs, things }: ProgressPoint): readonly number[] {
  return [atMs, ...JOB_EXECUTION_STATUSES.map((status) => things[status])]
}

function pointOf([atMs = 0, ...counts]: readonly number[]): ProgressPoint {
  const things = Object.fromEntries(
    JOB_EXECUTION_STATUSES.map((status, index) => [status, counts[index] ?? 0]),
  ) as Record<JobExecutionStatus, number>
  return { atMs, things }
}

function isSame(left: ProgressPoint['things'], right: ProgressPoint['things']): boolean {
  for (const status in left) {
    if (left[status as JobExecutionStatus] !== right[status as JobExecutionStatus]) return false
  }
  return true
}
