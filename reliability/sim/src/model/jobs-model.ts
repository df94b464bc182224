/**
 * The reference model follows the server: it is told of each command before it runs and of each write as
 * it happens, and judges whether the rules allow it.
 */
import type { Job, JobExecution } from '@muster/jobs'
import type { Tally } from '../tally.ts'
import { must } from '../violation.ts'
import { started, type Fields } from './replies.ts'
import {
  countsOf,
  emptyState,
  isAborting,
  isCovered,
  isOwed,
  isRetried,
  isTerminal,
  maySend,
  newestOf,
  rateNow,
  timesOutAtMs,
  type ModelExecution,
  type ModelJob,
  type ModelState,
  type Status,
} from './state.ts'

/** What the engine is doing while it writes. */
export type Cause =
  /** A device's request; `fields` as it sent them. */
  | { readonly kind: 'device'; readonly thing: string; readonly fields: Fields }
  | { readonly kind: 'operator'; readonly operation: string; readonly input: OperatorInput }
  | { readonly kind: 'registry' }
  | { readonly kind: 'due' }

/** Members of operators' requests that the model looks at. */
export interface OperatorInput {
  readonly jobId?: string | undefined
  readonly thingName?: string | undefined
  readonly executionNumber?: number | undefined
  readonly force?: boolean | undefined
  readonly expectedVersion?: number | undefined
}

const MINUTE_MS = 60_000

/** jobs section 3: what may follow what. */
const FOLLOWS: Readonly<Record<Status, readonly Status[]>> = {
  QUEUED: ['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED', 'CANCELED', 'REMOVED'],
  IN_PROGRESS: [
    'IN_PROGRESS',
    'SUCCEEDED',
    'FAILED',
    'REJECTED',
    'TIMED_OUT',
    'CANCELED',
    'REMOVED',
  ],
  SUCCEEDED: [],
  FAILED: [],
  TIMED_OUT: [],
  REJECTED: [],
  REMOVED: [],
  CANCELED: [],
}

/** Jobs as the rules have them. */
export class JobsModel {
  state: ModelState = emptyState()
  readonly #tally: Tally
  #cause: Cause | undefined
  #nowMs = 0
  /** Executions that ended in this command: what retries and aborts follow. */
  #endedNow: ModelExecution[] = []
  /** Jobs whose rollout has nothing left, by this command. */
  readonly #rolledOutNow = new Set<ModelJob>()

  constructor(tally: Tally) {
    this.#tally = tally
  }

  /** The engine begins a command. */
  begin(cause: Cause, nowMs: number): void {
    this.#cause = cause
    this.#nowMs = nowMs
    this.#endedNow = []
    this.#rolledOutNow.clear()
  }

  /** The command is done: what must follow from it at once has followed. */
  end(): void {
    for (const job of this.#rolledOutNow) this.#rolledOut(job)
    for (const job of this.state.jobs.values()) {
      if (job.status !== 'IN_PROGRESS') continue
      const ended = this.#endedNow.filter(({ jobId }) => jobId === job.jobId)
      if (ended.length === 0) continue
      must(!isAborting(this.state, job) || this.#isFinished(job), 'abort', () => {
        return `job ${job.jobId} goes on although a criterion is met (jobs J96): ${this.#counts(job)}`
      })
    }
    this.#cause = undefined
  }

  /** Whether nothing of a job is left to do. */
  #isFinished(job: ModelJob): boolean {
    const counts = countsOf(this.state, job.jobId)
    return counts.QUEUED + counts.IN_PROGRESS === 0 && job.waiting.size === 0
  }

  inserted(made: JobExecution): void {
    const { state } = this
    const job = state.jobs.get(made.jobId)
    const at = keyOf(made)
    must(job !== undefined, 'status table', () => `${at} was made for no job`)
    must(job.status === 'IN_PROGRESS', 'abort stops new starts', () => {
      return `${at} was made although the job is ${job.status} (jobs J80, J98)`
    })
    const before = newestOf(state, made.jobId, made.thingName)
    const isNext = made.executionNumber === (before?.number ?? 0) + 1
    must(isNext && made.versionNumber === 1 && made.status === 'QUEUED', 'versions', () => {
      return `${at} begins as ${made.status} with version ${made.versionNumber} after number ${before?.number ?? 0} (jobs J54, J55)`
    })
    must(made.queuedAtMs === this.#nowMs, 'status table', () => `${at} was queued at another time`)
    must(state.registry.things.has(made.thingName), 'targets', () => `${at} is of no thing`)
    const attemptsEnded = this.#whyMade(job, made, before)
    this.#tally.add('transitions', '- to QUEUED')
    this.#tally.tell(() => `    ${at} is queued`)
    state.executions.push({
      jobId: made.jobId,
      thing: made.thingName,
      number: made.executionNumber,
      status: 'QUEUED',
      version: 1,
      details: undefined,
      queuedAtMs: made.queuedAtMs,
      startedAtMs: undefined,
      updatedAtMs: made.lastUpdatedAtMs,
      order: made.order,
      attempt: made.retryAttempt,
      attemptsEnded,
      inProgressUntilMs: undefined,
      stepUntilMs: undefined,
      hasLeft: false,
    })
  }

  /** @returns how the earlier attempts ended, when it is a retry */
  #whyMade(job: ModelJob, made: JobExecution, before: ModelExecution | undefined): Status[] {
    const { state } = this
    const at = keyOf(made)
    if (made.retryAttempt > 0) {
      const isDue =
        before !== undefined &&
        this.#endedNow.includes(before) &&
        before.attempt + 1 === made.retryAttempt &&
        isRetried(state, before)
      must(isDue, 'retries', () => `${at} is a retry that no criterion grants (jobs J62, J63)`)
      this.#tally.add('jobs', 'retry')
      return [...before.attemptsEnded, before.status]
    }
    must(before === undefined || isTerminal(before.status), 'targets', () => {
      return `${at} was made while number ${before?.number} is ${before?.status} (jobs J76)`
    })
    if (this.#cause?.kind === 'registry') {
      const joins = job.selection === 'CONTINUOUS' && isCovered(state, job, made.thingName)
      must(joins && !job.waiting.has(made.thingName), 'targets', () => {
        return `${at} was made for a thing that did not join a target (jobs J75)`
      })
      this.#tally.add('jobs', 'join')
      return []
    }
    must(job.waiting.has(made.thingName) && maySend(state, job, made.thingName), 'targets', () => {
      return `${at} was made for a thing that does not wait for the rollout (jobs J75 to J77)`
    })
    this.#countInMinute(job, at)
    job.waiting.delete(made.thingName)
    return []
  }

  /** jobs J92 to J95. */
  #countInMinute(job: ModelJob, at: string): void {
    this.turnMinute(job, this.#nowMs)
    job.createdInMinute += 1
    job.notified += 1
    must(job.createdInMinute <= job.ratePerMinute, 'rollout rate', () => {
      return `${at} is number ${job.createdInMinute} of a minute with rate ${job.ratePerMinute} (jobs J92, J93)`
    })
    this.#tally.add('jobs', 'rolled out')
  }

  /** The next rollout minutes have begun by now, if they have. */
  turnMinute(job: ModelJob, nowMs: number): void {
    const minutes = Math.floor((nowMs - job.minuteStartMs) / MINUTE_MS)
    if (minutes <= 0) return
    job.minuteStartMs += minutes * MINUTE_MS
    job.createdInMinute = 0
    job.ratePerMinute = rateNow(this.state, job)
  }

  /** A rollout goes on: in a fresh minute unless one is running. */
  resume(job: ModelJob, nowMs: number): void {
    if (nowMs >= job.minuteStartMs + MINUTE_MS) {
      job.minuteStartMs = nowMs
      job.createdInMinute = 0
      job.ratePerMinute = rateNow(this.state, job)
    }
    job.isRolling = true
  }

  updated(after: JobExecution): void {
    const before = this.#find(after)
    const at = keyOf(after)
    must(before !== undefined, 'status table', () => `${at} changed and was never made`)
    const isMark = after.status === before.status && after.versionNumber === before.version
    if (isMark) {
      must(after.uncovered === true, 'versions', () => `${at} changed at its version (jobs J54)`)
      before.hasLeft = true
      return
    }
    must(!isTerminal(before.status), 'terminal is terminal', () => {
      return `${at} went from ${before.status} to ${after.status} (jobs J53)`
    })
    const { status } = after
    must(FOLLOWS[before.status].includes(status), 'status table', () => {
      return `${at} went from ${before.status} to ${status} (jobs section 3)`
    })
    const hasLeftGroup = status === 'REMOVED' && this.state.registry.things.has(before.thing)
    const version = before.version + (hasLeftGroup ? 0 : 1)
    must(after.versionNumber === version, 'versions', () => {
      return `${at} went from version ${before.version} to ${after.versionNumber} as ${status} (jobs J54)`
    })
    this.#judgeMove(before, after)
    this.#tally.add('transitions', `${before.status} to ${status}`)
    this.#tally.tell(() => `    ${at} goes from ${before.status} to ${status}`)
    this.#apply(before, after)
  }

  /** Whether whoever moved it may, and now. */
  #judgeMove(before: ModelExecution, { status, forceCanceled }: JobExecution): void {
    const { state } = this
    const cause = this.#cause
    const at = `${before.jobId}/${before.thing}/${before.number}`
    const job = state.jobs.get(before.jobId)
    if (status === 'TIMED_OUT') {
      must(cause?.kind === 'due' && timesOutAtMs(before) <= this.#nowMs, 'timers', () => {
        return `${at} timed out ${timesOutAtMs(before) - this.#nowMs} ms early (jobs J57 to J60)`
      })
      return
    }
    if (status === 'REMOVED') {
      const isGone = !state.registry.things.has(before.thing)
      const left = before.status === 'QUEUED' && job && !isCovered(state, job, before.thing)
      must(isGone || left === true, 'targets', () => `${at} was removed from a target (jobs J77)`)
      return
    }
    if (status === 'CANCELED') {
      const byOperator =
        cause?.kind === 'operator' &&
        cause.operation === 'CancelJobExecution' &&
        cause.input.jobId === before.jobId &&
        cause.input.thingName === before.thing
      const isForced = byOperator ? cause.input.force === true : job?.isForced === true
      const may = byOperator || job?.status === 'CANCELED'
      must(may && (before.status === 'QUEUED' || isForced), 'cancel', () => {
        return `${at} in ${before.status} was canceled by ${cause?.kind} (jobs J80, J84, J98)`
      })
      must((forceCanceled === true) === isForced, 'cancel', () => `${at} says forced wrongly`)
      return
    }
    const isDevices = cause?.kind === 'device' && cause.thing === before.thing
    must(isDevices, 'status table', () => `${at} went to ${status}, but not by its device`)
  }

  #apply(execution: ModelExecution, after: JobExecution): void {
    const nowMs = this.#nowMs
    const cause = this.#cause
    const fields: Fields = cause?.kind === 'device' ? cause.fields : {}
    if (execution.status === 'QUEUED' && after.status === 'IN_PROGRESS') {
      Object.assign(execution, started(this.state, execution, fields, nowMs))
    } else {
      const details = fields['statusDetails'] as Record<string, string> | undefined
      const step = fields['stepTimeoutInMinutes'] as number | undefined
      if (after.versionNumber !== execution.version) execution.version += 1
      execution.status = after.status
      execution.updatedAtMs = nowMs
      if (details !== undefined) execution.details = details
      if (step === -1) execution.stepUntilMs = undefined
      else if (step !== undefined) execution.stepUntilMs = nowMs + step * MINUTE_MS
      const isReport = after.status === 'SUCCEEDED' || after.status === 'FAILED'
      if (isReport) execution.startedAtMs ??= nowMs
    }
    if (after.uncovered === true) execution.hasLeft = true
    if (!isTerminal(execution.status)) return
    execution.inProgressUntilMs = undefined
    execution.stepUntilMs = undefined
    this.#endedNow.push(execution)
  }

  /** A job's progress was written: its status may be another one. */
  jobPut({ config, progress }: Job): void {
    const job = this.state.jobs.get(config.jobId)
    const { status, rollout } = progress
    must(job !== undefined, 'jobs', () => `job ${config.jobId} was made by nobody`)
    job.isRolling = rollout.phase === 'rolling'
    if (rollout.phase === 'done') this.#rolledOutNow.add(job)
    else this.#rolledOutNow.delete(job)
    if (status === job.status) return
    this.#tally.add('jobs', `${job.status} to ${status}`)
    this.#tally.tell(() => `    job ${job.jobId} goes from ${job.status} to ${status}`)
    if (status === 'CANCELED') {
      must(job.status === 'IN_PROGRESS' && isAborting(this.state, job), 'abort', () => {
        return `job ${job.jobId} was ${job.status} and aborted without a criterion (jobs J96): ${this.#counts(job)}`
      })
      this.#tally.add('jobs', 'abort')
    } else {
      const isDone =
        status === 'COMPLETED' &&
        job.status === 'IN_PROGRESS' &&
        job.selection === 'SNAPSHOT' &&
        this.#nothingIsLeft(job)
      must(isDone, 'jobs', () => {
        return `job ${job.jobId} went from ${job.status} to ${status} with ${this.#counts(job)} (jobs J73, J74)`
      })
    }
    job.status = status as ModelJob['status']
    job.waiting.clear()
  }

  /** Nobody waits any more: who still should was left out. */
  #rolledOut(job: ModelJob): void {
    const left = [...job.waiting].filter((thing) => isOwed(this.state, job, thing))
    must(left.length === 0 || job.status !== 'IN_PROGRESS', 'targets', () => {
      return `the rollout of ${job.jobId} ended without ${left.join(', ')} (jobs J75)`
    })
    job.waiting.clear()
  }

  /** It is their turn: who may not have an execution now is not asked again. */
  targetsTaken(jobId: string, things: readonly string[]): void {
    const job = this.state.jobs.get(jobId)
    // Who waits is put back behind those that an operator adds.
    const cause = this.#cause
    const isPutBack = cause?.kind === 'operator' && cause.operation === 'AssociateTargetsWithJob'
    if (job === undefined || isPutBack) return
    // A slice of the rollout runs, though it may find only things that are covered no more.
    if (cause?.kind === 'due' && job.status === 'IN_PROGRESS') this.turnMinute(job, this.#nowMs)
    for (const thing of things) {
      if (!maySend(this.state, job, thing)) job.waiting.delete(thing)
    }
  }

  jobDeleted(jobId: string): void {
    const job = this.state.jobs.get(jobId)
    const isEmpty = this.state.executions.every((execution) => execution.jobId !== jobId)
    must(job?.status === 'DELETION_IN_PROGRESS' && isEmpty, 'jobs', () => {
      return `job ${jobId} is gone, but was ${job?.status} (jobs J82)`
    })
    this.state.jobs.delete(jobId)
  }

  #nothingIsLeft(job: ModelJob): boolean {
    const counts = countsOf(this.state, job.jobId)
    const waits = [...job.waiting].some((thing) => isOwed(this.state, job, thing))
    return counts.QUEUED + counts.IN_PROGRESS === 0 && !waits
  }

  deleted(execution: JobExecution): void {
    const found = this.#find(execution)
    const at = keyOf(execution)
    must(found !== undefined, 'status table', () => `${at} was deleted and was never made`)
    const cause = this.#cause
    const job = this.state.jobs.get(execution.jobId)
    const byOperator =
      cause?.kind === 'operator' &&
      cause.operation === 'DeleteJobExecution' &&
      cause.input.executionNumber === found.number
    must(byOperator || job?.status === 'DELETION_IN_PROGRESS', 'nothing lost', () => {
      return `${at} in ${found.status} was deleted by ${cause?.kind} (jobs J82, J85)`
    })
    const isFree = found.status !== 'IN_PROGRESS' || cause?.kind !== 'operator'
    const isForced = cause?.kind === 'operator' && cause.input.force === true
    must(!byOperator || isFree || isForced, 'cancel', () => `${at} was deleted while it ran (J85)`)
    this.#tally.add('transitions', `${found.status} to -`)
    this.state.executions = this.state.executions.filter((one) => one !== found)
    // Its share is gone, too, which may abort the job (jobs J97).
    if (!byOperator) return
    this.#endedNow.push(found)
    job?.forgiven.add(found.thing)
  }

  #find({ jobId, thingName, executionNumber }: JobExecution): ModelExecution | undefined {
    return this.state.executions.find(
      (one) => one.jobId === jobId && one.thing === thingName && one.number === executionNumber,
    )
  }

  #counts(job: ModelJob): string {
    return JSON.stringify(countsOf(this.state, job.jobId))
  }
}

function keyOf({ jobId, thingName, executionNumber }: JobExecution): string {
  return `${jobId}/${thingName}/${executionNumber}`
}
