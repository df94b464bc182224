/**
 * What a run has come to so far: phases write it, live views and the summary read it.
 */
import type { JobProgress } from './control/rollout.ts'
import { NO_JOBS, withJob, type JobTotals } from './job-totals.ts'
import type { PackageRollout } from './scenario/scenario.ts'
import { plannedOutcomes, type DevicePlan, type PlannedOutcomes } from './scenario/device-plan.ts'
import type { PhaseSummary, Progress } from './summary.ts'

/** A soak of days has more. */
const PHASES_MAX = 200

/** The record of one run. */
export class RunRecord {
  readonly #nowMs: () => number
  readonly #failures: string[] = []
  #job: JobProgress | undefined
  #earlierJobs = NO_JOBS
  #jobTargets = 0
  #planned: PlannedOutcomes = NO_JOBS.planned
  #jobs = 0
  #jobCreatedAtMs = 0
  #endedEarly: string | undefined
  #phases: PhaseSummary[] = []
  /** When the run began, epoch milliseconds. */
  readonly beganAtMs: number
  phase: Progress['phase'] = 'onboarding'
  /** What the last job with a package brings. */
  rollout: PackageRollout | undefined
  /** What the phase waits for and how far that is; undefined while nothing is waited for. */
  waitingFor: string | undefined
  onboarded = 0
  /** How long onboarding took; 0 until it is over. */
  onboardSeconds = 0
  /** Certificates made rather than found on disk. */
  certificatesMade = 0
  /** Worker processes. */
  processes = 0
  /** From the first connection attempt until the last device was connected. */
  connectSeconds = 0
  /** CPU of the workers in that time. */
  connectCpuSeconds = 0
  /** CPU of the workers when the last job was created. */
  jobCreatedCpuSeconds = 0
  /** From CreateJob until the last job was over; 0 while none is. */
  rolloutSeconds = 0
  /** Certificates that a rotation left behind, where one was made. */
  orphanCertificates: number | undefined
  /** Whether the jobs before the last one count too, as in a soak. */
  countsAllJobs = false
  /** Rounds of a soak that have ended. */
  rounds = 0
  /** The round that is under way or was the last, from 1; undefined without a soak. */
  round: number | undefined
  /** When the first round began, seconds of the run; undefined without a soak. */
  soakBeganAtSeconds: number | undefined
  /** Devices whose certificates were taken away: they do not come back. */
  revoked = 0

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs
    this.beganAtMs = nowMs()
  }

  /** The job of the last `job` phase as it was last seen. */
  get job(): JobProgress | undefined {
    return this.#job
  }

  /** What jobs came to: the last one, or with `countsAllJobs` all of them. */
  get jobTotals(): JobTotals {
    if (this.#job === undefined) return this.#earlierJobs
    return withJob(this.#earlierJobs, this.#job, this.#jobTargets, this.#planned)
  }

  /** Devices of all shards that the last job is for; 0 without one. */
  get jobTargets(): number {
    return this.#jobTargets
  }

  get isJobOver(): boolean {
    return this.#job?.status === 'COMPLETED' || this.#job?.status === 'CANCELED'
  }

  /** What went wrong, one sentence each. */
  get failures(): readonly string[] {
    return this.#failures
  }

  /** Why the run ended before its phases did; undefined when it did not. */
  get endedEarly(): string | undefined {
    return this.#endedEarly
  }

  get elapsedSeconds(): number {
    return (this.#nowMs() - this.beganAtMs) / 1000
  }

  /** What happened when, the first {@link PHASES_MAX} of it; the last may still go on. */
  get phases(): readonly PhaseSummary[] {
    return this.#phases
  }

  /** Does something that is to be told as a phase. */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    const beganAtSeconds = this.elapsedSeconds
    const place = this.#phases.length
    const isTold = place < PHASES_MAX
    const told = (): PhaseSummary => ({
      name,
      beganAtSeconds: hundredths(beganAtSeconds),
      seconds: hundredths(this.elapsedSeconds - beganAtSeconds),
    })
    if (isTold) this.#phases.push(told())
    try {
      return await work()
    } finally {
      if (isTold) this.#phases[place] = told()
    }
  }

  /** The number of the next job, from 1. */
  nextJobNumber(): number {
    this.#jobs += 1
    return this.#jobs
  }

  /** @param targets - devices of all shards that the job is for */
  jobCreated(job: JobProgress, targets: readonly DevicePlan[], cpuSeconds: number): void {
    this.#earlierJobs = this.countsAllJobs ? this.jobTotals : NO_JOBS
    this.#jobTargets = targets.length
    this.#planned = plannedOutcomes(targets)
    this.#jobCreatedAtMs = this.#nowMs()
    this.jobCreatedCpuSeconds = cpuSeconds
    this.#job = job
  }

  jobSeen(job: JobProgress): void {
    const wasOver = this.isJobOver
    this.#job = job
    if (this.isJobOver && !wasOver) {
      this.rolloutSeconds = (this.#nowMs() - this.#jobCreatedAtMs) / 1000
    }
  }

  failed(sentence: string): void {
    if (this.#endedEarly === undefined) this.#failures.push(sentence)
  }

  /** The run ends here, for this reason and no other: what the phases still say does not count. */
  endEarly(why: string): void {
    if (this.#endedEarly !== undefined) return
    const waiting = this.waitingFor === undefined ? '' : `, waiting for ${this.waitingFor}`
    const { job } = this
    const goesOn =
      job === undefined || this.isJobOver ? '' : `; job \`${job.jobId}\` was ${job.status}`
    this.#endedEarly = why
    this.#failures.push(`${why} in phase \`${this.phase}\`${waiting}${goesOn}`)
  }
}

function hundredths(seconds: number): number {
  return Math.round(seconds * 100) / 100
}
