/**
 * How the counters of jobs moved, for who comes later: recorded once a commit for the jobs that it
 * changed, and kept beside them.
 */
import {
  isLive,
  newProgressSeries,
  ProgressSeries,
  type Job,
  type JobsState,
  type KeptSeries,
  type ProgressPoint,
} from '@muster/jobs'
import { keptJson } from '@muster/model'
import type { Records } from '@muster/store'

const KIND = 'job-progress'
/** Series in memory: those of jobs that changed or were asked for last. */
const SERIES_MAX = 100
/** New points after which a series is written; a server that is killed forgets so many at most. */
const UNWRITTEN_MAX = 16

/** Counters as the admin API tells them. */
export interface ToldPoint {
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

/** What `/_muster/jobs/ID/progress` answers. */
export interface ToldProgress {
  readonly jobId: string
  readonly status: string
  readonly nowMs: number
  readonly createdAtMs: number
  /** Time of the first point: later than the creation where recording began anew. */
  readonly recordedSinceMs: number
  /** Points that were nearer together are one: the last of them. */
  readonly resolutionMs: number
  /** Oldest first; the last one has the counters of this moment. */
  readonly points: readonly ToldPoint[]
  readonly rollout: {
    readonly phase: 'waiting' | 'rolling' | 'done'
    readonly ratePerMinute: number
    readonly minuteStartedAtMs: number | null
    readonly createdInMinute: number
    readonly created: number
    /** Targets that wait for their execution. */
    readonly waiting: number
  }
  /** When the maintenance window that is open closes. */
  readonly windowUntilMs: number | null
}

/** What a {@link JobProgressLog} works with. */
export interface JobProgressPorts {
  readonly state: Pick<JobsState, 'job' | 'countTargets'>
  readonly records: Pick<Records, 'get' | 'put' | 'delete'>
  readonly nowMs: () => number
}

interface Held {
  readonly series: ProgressSeries
  /** Points that are not written. */
  unwritten: number
}

/** The series of an account's jobs. */
export class JobProgressLog {
  readonly #ports: JobProgressPorts
  /** The one used last is last. */
  readonly #held = new Map<string, Held>()

  constructor(ports: JobProgressPorts) {
    this.#ports = ports
  }

  /** Before a commit: takes the counters of the jobs that it changes. */
  record(jobIds: Iterable<string>): void {
    const { state, records, nowMs } = this.#ports
    for (const jobId of jobIds) {
      const job = state.job(jobId)
      if (job === undefined) {
        this.#held.delete(jobId)
        records.delete(KIND, jobId)
        continue
      }
      const held = this.#holdOf(job)
      if (held.series.record(nowMs(), job.progress.things)) held.unwritten += 1
      if (held.unwritten > UNWRITTEN_MAX || (held.unwritten > 0 && !isLive(job))) {
        this.#write(jobId, held)
      }
    }
  }

  /** @returns undefined for a job that is not there */
  read(jobId: string): ToldProgress | undefined {
    const job = this.#ports.state.job(jobId)
    if (job === undefined) return undefined
    const nowMs = this.#ports.nowMs()
    const { config, progress } = job
    const { series } = this.#holdOf(job)
    const points = series.until(nowMs, progress.things, isLive(job)).map(toldPoint)
    const { phase, ratePerMinute, minuteStartMs, createdInMinute, notified } = progress.rollout
    return {
      jobId,
      status: progress.status,
      nowMs,
      createdAtMs: config.createdAtMs,
      recordedSinceMs: points[0]?.atMs ?? nowMs,
      resolutionMs: series.resolutionMs,
      points,
      rollout: {
        phase,
        ratePerMinute,
        minuteStartedAtMs: minuteStartMs === 0 ? null : minuteStartMs,
        createdInMinute,
        created: notified,
        waiting: this.#ports.state.countTargets(jobId),
      },
      windowUntilMs: progress.windowUntilMs ?? null,
    }
  }

  /** Writes what is not written, for the next run. */
  keep(): void {
    for (const [jobId, held] of this.#held) this.#write(jobId, held)
  }

  /** After the store was emptied. */
  reset(): void {
    this.#held.clear()
  }

  #holdOf({ config: { jobId, createdAtMs } }: Job): Held {
    let held = this.#held.get(jobId) ?? this.#load(jobId)
    if (held?.series.createdAtMs !== createdAtMs) {
      held = { series: newProgressSeries(createdAtMs), unwritten: 0 }
    }
    this.#held.delete(jobId)
    this.#held.set(jobId, held)
    if (this.#held.size > SERIES_MAX) this.#letGoOfOldest()
    return held
  }

  #load(jobId: string): Held | undefined {
    const text = this.#ports.records.get(KIND, jobId)
    if (text === undefined) return undefined
    const kept = keptJson<KeptSeries>(String(text), `the progress series of job ${jobId}`)
    return { series: new ProgressSeries(kept), unwritten: 0 }
  }

  #letGoOfOldest(): void {
    for (const [jobId, held] of this.#held) {
      this.#write(jobId, held)
      this.#held.delete(jobId)
      return
    }
  }

  #write(jobId: string, held: Held): void {
    if (held.unwritten === 0) return
    held.unwritten = 0
    this.#ports.records.put(KIND, jobId, JSON.stringify(held.series.keep()))
  }
}

function toldPoint({ atMs, things }: ProgressPoint): ToldPoint {
  return {
    atMs,
    queued: things.QUEUED,
    inProgress: things.IN_PROGRESS,
    succeeded: things.SUCCEEDED,
    failed: things.FAILED,
    rejected: things.REJECTED,
    timedOut: things.TIMED_OUT,
    canceled: things.CANCELED,
    removed: things.REMOVED,
  }
}
