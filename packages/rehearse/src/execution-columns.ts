/** Job executions in columns of typed arrays: some 60 bytes each, where a record takes ten times that. */
import { JOB_EXECUTION_STATUSES, type JobExecution, type JobExecutionStatus } from '@muster/jobs'
import type { ThingNames } from './thing-names.ts'

const STATUS_CODES = Object.fromEntries(
  JOB_EXECUTION_STATUSES.map((status, code) => [status, code]),
) as Record<JobExecutionStatus, number>

const FORCED = 1
const WINDOWED = 2
const HIDDEN = 4
const UNCOVERED = 8
/** A place whose execution was deleted. */
const GONE = 255

/** Executions of one job; a place is the execution's `order` less one. Status details are not kept. */
export class ExecutionColumns {
  readonly #jobId: string
  readonly #names: ThingNames
  #things: Int32Array
  #numbers: Uint16Array
  #statuses: Uint8Array
  #retries: Uint8Array
  #flags: Uint8Array
  #versions: Uint32Array
  #queuedAt: Float64Array
  #startedAt: Float64Array
  #updatedAt: Float64Array
  #runsUntil: Float64Array
  #stepUntil: Float64Array
  /** The thing's execution before; -1 for its first. */
  #earlier: Int32Array

  constructor(jobId: string, names: ThingNames) {
    const capacity = Math.max(16, names.count)
    this.#jobId = jobId
    this.#names = names
    this.#things = new Int32Array(capacity)
    this.#numbers = new Uint16Array(capacity)
    this.#statuses = new Uint8Array(capacity).fill(GONE)
    this.#retries = new Uint8Array(capacity)
    this.#flags = new Uint8Array(capacity)
    this.#versions = new Uint32Array(capacity)
    this.#queuedAt = new Float64Array(capacity)
    this.#startedAt = new Float64Array(capacity)
    this.#updatedAt = new Float64Array(capacity)
    this.#runsUntil = new Float64Array(capacity)
    this.#stepUntil = new Float64Array(capacity)
    this.#earlier = new Int32Array(capacity)
  }

  /** The execution at a place. */
  read(place: number): JobExecution {
    const flags = this.#flags[place] as number
    const execution: Mutable<JobExecution> = {
      jobId: this.#jobId,
      thingName: this.#names.nameOf(this.#things[place] as number),
      executionNumber: this.#numbers[place] as number,
      order: place + 1,
      status: JOB_EXECUTION_STATUSES[this.#statuses[place] as number] as JobExecutionStatus,
      queuedAtMs: this.#queuedAt[place] as number,
      lastUpdatedAtMs: this.#updatedAt[place] as number,
      versionNumber: this.#versions[place] as number,
      retryAttempt: this.#retries[place] as number,
    }
    const startedAtMs = this.#startedAt[place] as number
    const inProgressUntilMs = this.#runsUntil[place] as number
    const stepUntilMs = this.#stepUntil[place] as number
    if (startedAtMs > 0) execution.startedAtMs = startedAtMs
    if (inProgressUntilMs > 0) execution.inProgressUntilMs = inProgressUntilMs
    if (stepUntilMs > 0) execution.stepUntilMs = stepUntilMs
    if (flags === 0) return execution
    if ((flags & FORCED) !== 0) execution.forceCanceled = true
    if ((flags & WINDOWED) !== 0) execution.windowed = true
    if ((flags & HIDDEN) !== 0) execution.hidden = true
    if ((flags & UNCOVERED) !== 0) execution.uncovered = true
    return execution
  }

  /** Writes the execution at its place. */
  write(execution: JobExecution): void {
    const place = execution.order - 1
    if (place >= this.#things.length) this.#grow()
    this.#numbers[place] = execution.executionNumber
    this.#statuses[place] = STATUS_CODES[execution.status]
    this.#retries[place] = execution.retryAttempt
    this.#versions[place] = execution.versionNumber
    this.#queuedAt[place] = execution.queuedAtMs
    this.#startedAt[place] = execution.startedAtMs ?? 0
    this.#updatedAt[place] = execution.lastUpdatedAtMs
    this.#runsUntil[place] = execution.inProgressUntilMs ?? 0
    this.#stepUntil[place] = execution.stepUntilMs ?? 0
    this.#flags[place] =
      (execution.forceCanceled === true ? FORCED : 0) |
      (execution.windowed === true ? WINDOWED : 0) |
      (execution.hidden === true ? HIDDEN : 0) |
      (execution.uncovered === true ? UNCOVERED : 0)
  }

  /** Says whose a place is, when its execution is made. */
  place(execution: JobExecution, thing: number, earlier: number): void {
    this.write(execution)
    this.#things[execution.order - 1] = thing
    this.#earlier[execution.order - 1] = earlier
  }

  earlier(place: number): number {
    return this.#earlier[place] as number
  }

  setEarlier(place: number, earlier: number): void {
    this.#earlier[place] = earlier
  }

  numberAt(place: number): number {
    return this.#numbers[place] as number
  }

  statusAt(place: number): JobExecutionStatus | undefined {
    return JOB_EXECUTION_STATUSES[this.#statuses[place] as number]
  }

  /** When the device began; 0 where it never did. */
  startedAtMs(place: number): number {
    return this.#startedAt[place] as number
  }

  #grow(): void {
    const capacity = Math.ceil(this.#things.length * 1.5)
    this.#things = wider(this.#things, new Int32Array(capacity))
    this.#numbers = wider(this.#numbers, new Uint16Array(capacity))
    this.#statuses = wider(this.#statuses, new Uint8Array(capacity).fill(GONE))
    this.#retries = wider(this.#retries, new Uint8Array(capacity))
    this.#flags = wider(this.#flags, new Uint8Array(capacity))
    this.#versions = wider(this.#versions, new Uint32Array(capacity))
    this.#queuedAt = wider(this.#queuedAt, new Float64Array(capacity))
    this.#startedAt = wider(this.#startedAt, new Float64Array(capacity))
    this.#updatedAt = wider(this.#updatedAt, new Float64Array(capacity))
    this.#runsUntil = wider(this.#runsUntil, new Float64Array(capacity))
    this.#stepUntil = wider(this.#stepUntil, new Float64Array(capacity))
    this.#earlier = wider(this.#earlier, new Int32Array(capacity))
  }
}

/** @returns `to`, with all of `from` in it */
function wider<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from)
  return to
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
