/**
 * The state that the Jobs rules work on, for one job on a million things: everything else of the port is
 * the same as with any store, so the rules cannot tell the difference.
 */
import {
  isConcurrent,
  isLive,
  isTerminal,
  isVisiblePending,
  type AfterExecution,
  type DueWork,
  type ExecutionPage,
  type Job,
  type JobExecution,
  type JobExecutionKey,
  type JobExecutionStatus,
  type JobsState,
  type JobStatus,
  type JobTemplate,
  type ThingExecutionsQuery,
} from '@muster/jobs'
import { DueNames } from './due-names.ts'
import { ExecutionColumns } from './execution-columns.ts'
import type { ThingNames } from './thing-names.ts'

/** Things looked at in one call of {@link CompactState.executionsOfJob}. */
const LOOKED_AT_MAX = 10_000

/** One job, its executions and its rollout queue. */
export class CompactState implements JobsState {
  readonly #names: ThingNames
  readonly #columns: ExecutionColumns
  readonly #due = new DueNames()
  /** Place of each thing's latest execution; -1 for none. */
  readonly #latest: Int32Array
  readonly #isQueued: Uint8Array
  #queue: number[] = []
  #taken = 0
  #order = 0
  #job: Job | undefined

  constructor(jobId: string, names: ThingNames) {
    this.#names = names
    this.#columns = new ExecutionColumns(jobId, names)
    this.#latest = new Int32Array(names.count).fill(-1)
    this.#isQueued = new Uint8Array(names.count)
  }

  job(jobId: string): Job | undefined {
    return this.#job?.config.jobId === jobId ? this.#job : undefined
  }

  putJob(job: Job): void {
    this.#job = job
  }

  putProgress(job: Job): void {
    if (job.progress !== this.#job?.progress) throw new Error('progress of another job was put')
  }

  deleteJob(): void {
    this.#job = undefined
    this.clearTargets()
  }

  jobs(): readonly Job[] {
    return this.#job === undefined ? [] : [this.#job]
  }

  countJobs(status: JobStatus): number {
    return this.#job?.progress.status === status ? 1 : 0
  }

  countConcurrent(): number {
    return this.#job !== undefined && isConcurrent(this.#job.progress) ? 1 : 0
  }

  continuousJobs(targetArn: string): readonly string[] {
    const job = this.#job
    if (job === undefined || job.config.targetSelection !== 'CONTINUOUS' || !isLive(job)) return []
    return job.config.targets.includes(targetArn) ? [job.config.jobId] : []
  }

  execution(key: JobExecutionKey): JobExecution | undefined {
    for (const place of this.#placesOf(key.thingName)) {
      if (this.#columns.numberAt(place) === key.executionNumber) return this.#columns.read(place)
    }
    return undefined
  }

  latestExecution(_jobId: string, thingName: string): JobExecution | undefined {
    const place = this.#latest[this.#names.placeOf(thingName)] ?? -1
    return place < 0 ? undefined : this.#columns.read(place)
  }

  insertExecution(execution: JobExecution): void {
    const thing = this.#names.placeOf(execution.thingName)
    this.#columns.place(execution, thing, this.#latest[thing] ?? -1)
    this.#latest[thing] = execution.order - 1
  }

  updateExecution(execution: JobExecution): void {
    this.#columns.write(execution)
  }

  deleteExecution(execution: JobExecution): void {
    const thing = this.#names.placeOf(execution.thingName)
    let later = -1
    for (const place of this.#placesOf(execution.thingName)) {
      if (place === execution.order - 1) {
        const earlier = this.#columns.earlier(place)
        if (later < 0) this.#latest[thing] = earlier
        else this.#columns.setEarlier(later, earlier)
        return
      }
      later = place
    }
  }

  nextOrder(): number {
    this.#order += 1
    return this.#order
  }

  /** A job has one pending execution at most on each thing, its latest. */
  pending(
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[] {
    const latest = namespaceId === undefined ? this.latestExecution('', thingName) : undefined
    return latest !== undefined && limit > 0 && isVisiblePending(latest) ? [latest] : []
  }

  pendingWindowed(
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[] {
    return this.pending(thingName, namespaceId, limit).filter(({ windowed }) => windowed === true)
  }

  unfinished(thingName: string, limit: number): readonly JobExecution[] {
    const latest = this.latestExecution('', thingName)
    return latest !== undefined && limit > 0 && !isTerminal(latest.status) ? [latest] : []
  }

  executionsOfJob(
    _jobId: string,
    statuses: readonly JobExecutionStatus[] | undefined,
    after: AfterExecution | undefined,
    limit: number,
  ): ExecutionPage {
    const executions: JobExecution[] = []
    const first = after === undefined ? 0 : this.#names.placeOf(after.thingName)
    const lookedAt = Math.min(this.#names.count, first + LOOKED_AT_MAX)
    for (let thing = first; thing < lookedAt; thing += 1) {
      const thingName = this.#names.nameOf(thing)
      for (const place of [...this.#placesOf(thingName)].reverse()) {
        const executionNumber = this.#columns.numberAt(place)
        if (thing === first && after !== undefined && executionNumber <= after.executionNumber) {
          continue
        }
        const status = this.#columns.statusAt(place)
        if (statuses !== undefined && (status === undefined || !statuses.includes(status))) continue
        const last = executions.at(-1)
        if (executions.length === limit && last !== undefined) {
          const { thingName: name, executionNumber: number } = last
          return { executions, next: { thingName: name, executionNumber: number } }
        }
        executions.push(this.#columns.read(place))
      }
    }
    if (lookedAt === this.#names.count) return { executions }
    const thingName = this.#names.nameOf(lookedAt - 1)
    return { executions, next: { thingName, executionNumber: Infinity } }
  }

  executionsOfThing(
    thingName: string,
    { status }: ThingExecutionsQuery,
    afterOrder: number | undefined,
    limit: number,
  ): readonly JobExecution[] {
    return [...this.#placesOf(thingName)]
      .map((place) => this.#columns.read(place))
      .filter((execution) => status === undefined || execution.status === status)
      .filter(({ order }) => afterOrder === undefined || order < afterOrder)
      .slice(0, limit)
  }

  queueTargets(_jobId: string, thingNames: readonly string[]): void {
    for (const thingName of thingNames) {
      const thing = this.#names.placeOf(thingName)
      this.#queue.push(thing)
      this.#isQueued[thing] = 1
    }
  }

  takeTargets(_jobId: string, limit: number): readonly string[] {
    const taken = this.#queue.slice(this.#taken, this.#taken + limit)
    this.#taken += taken.length
    return taken.map((thing) => {
      this.#isQueued[thing] = 0
      return this.#names.nameOf(thing)
    })
  }

  hasTargets(): boolean {
    return this.#taken < this.#queue.length
  }

  countTargets(): number {
    return this.#queue.length - this.#taken
  }

  isTargetQueued(_jobId: string, thingName: string): boolean {
    return this.#isQueued[this.#names.placeOf(thingName)] === 1
  }

  clearTargets(): void {
    this.#queue = []
    this.#taken = 0
    this.#isQueued.fill(0)
  }

  putDue(work: string, dueAtMs: number): void {
    this.#due.put(work, dueAtMs)
  }

  deleteDue(work: string): void {
    this.#due.delete(work)
  }

  firstDue(nowMs: number): DueWork | undefined {
    return this.#due.first(nowMs)
  }

  nextDueAtMs(): number | undefined {
    return this.#due.nextAtMs()
  }

  // A job of a template has the template's settings written into it before it is rehearsed.

  template(): JobTemplate | undefined {
    return undefined
  }

  putTemplate(): void {
    throw new Error('a rehearsal keeps no templates')
  }

  deleteTemplate(): void {
    throw new Error('a rehearsal keeps no templates')
  }

  templates(): readonly JobTemplate[] {
    return []
  }

  countTemplates(): number {
    return 0
  }

  /** Whether the thing began the job, in any attempt. */
  hasStarted(thing: number): boolean {
    for (const place of this.#chain(thing)) if (this.#columns.startedAtMs(place) > 0) return true
    return false
  }

  #placesOf(thingName: string): Iterable<number> {
    return this.#chain(this.#names.placeOf(thingName))
  }

  /** Places of a thing's executions, the latest first. */
  *#chain(thing: number): Iterable<number> {
    for (let place = this.#latest[thing] ?? -1; place >= 0; place = this.#columns.earlier(place)) {
      yield place
    }
  }
}
