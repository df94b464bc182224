/**
 * The Jobs state in memory: for tests of the rules, and what the contract suite compares with.
 */
import { isConcurrent, isLive, type Job, type JobStatus } from './job.ts'
import {
  comparePending,
  isTerminal,
  isVisiblePending,
  type AfterExecution,
  type JobExecution,
  type JobExecutionKey,
  type JobExecutionStatus,
} from './job-execution.ts'
import type { JobTemplate } from './job-template.ts'
import type {
  AfterJob,
  AfterTemplate,
  DueWork,
  ExecutionPage,
  JobsQuery,
  JobsState,
  ThingExecutionsQuery,
} from './jobs-state.ts'

/** Plain maps, sorted when asked: clear rather than fast. */
export class MemoryJobsState implements JobsState {
  readonly #jobs = new Map<string, Job>()
  readonly #byJob = new Map<string, Map<string, JobExecution[]>>()
  readonly #byThing = new Map<string, Map<number, JobExecution>>()
  readonly #queues = new Map<string, string[]>()
  readonly #due = new Map<string, number>()
  readonly #templates = new Map<string, JobTemplate>()
  #order = 0

  job(jobId: string): Job | undefined {
    return this.#jobs.get(jobId)
  }

  putJob(job: Job): void {
    this.#jobs.set(job.config.jobId, job)
  }

  putProgress(job: Job): void {
    const known = this.#jobs.get(job.config.jobId)
    if (known?.progress !== job.progress) throw new Error('progress of another job was put')
  }

  deleteJob(jobId: string): void {
    this.#jobs.delete(jobId)
    this.#queues.delete(jobId)
  }

  jobs(query: JobsQuery, after: AfterJob | undefined, limit: number): readonly Job[] {
    return [...this.#jobs.values()]
      .filter((job) => matchesJob(query, job))
      .filter((job) => after === undefined || compareNewest(after, job.config) < 0)
      .sort((left, right) => compareNewest(left.config, right.config))
      .slice(0, limit)
  }

  countJobs(status: JobStatus): number {
    return [...this.#jobs.values()].filter((job) => job.progress.status === status).length
  }

  countConcurrent(): number {
    return [...this.#jobs.values()].filter((job) => isConcurrent(job.progress)).length
  }

  continuousJobs(targetArn: string): readonly string[] {
    return [...this.#jobs.values()]
      .filter((job) => job.config.targetSelection === 'CONTINUOUS' && isLive(job))
      .filter((job) => job.config.targets.includes(targetArn))
      .map((job) => job.config.jobId)
  }

  execution(key: JobExecutionKey): JobExecution | undefined {
    return this.#attempts(key.jobId, key.thingName).find(
      (execution) => execution.executionNumber === key.executionNumber,
    )
  }

  latestExecution(jobId: string, thingName: string): JobExecution | undefined {
    return this.#attempts(jobId, thingName).at(-1)
  }

  insertExecution(execution: JobExecution): void {
    const { jobId, thingName } = execution
    const things = this.#byJob.get(jobId) ?? new Map<string, JobExecution[]>()
    this.#byJob.set(jobId, things)
    const attempts = [...(things.get(thingName) ?? []), execution]
    things.set(
      thingName,
      attempts.sort((left, right) => left.executionNumber - right.executionNumber),
    )
    const ofThing = this.#byThing.get(thingName) ?? new Map<number, JobExecution>()
    this.#byThing.set(thingName, ofThing.set(execution.order, execution))
  }

  updateExecution(execution: JobExecution): void {
    this.deleteExecution(execution)
    this.insertExecution(execution)
  }

  deleteExecution(execution: JobExecution): void {
    const { jobId, thingName, executionNumber } = execution
    const left = this.#attempts(jobId, thingName).filter(
      (other) => other.executionNumber !== executionNumber,
    )
    if (left.length > 0) this.#byJob.get(jobId)?.set(thingName, left)
    else this.#byJob.get(jobId)?.delete(thingName)
    this.#byThing.get(thingName)?.delete(execution.order)
  }

  nextOrder(): number {
    this.#order += 1
    return this.#order
  }

  pending(
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[] {
    return this.#ofThing(thingName)
      .filter((execution) => execution.namespaceId === namespaceId && isVisiblePending(execution))
      .sort(comparePending)
      .slice(0, limit)
  }

  pendingWindowed(
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[] {
    return this.pending(thingName, namespaceId, Infinity)
      .filter((execution) => execution.windowed === true)
      .slice(0, limit)
  }

  unfinished(thingName: string, limit: number): readonly JobExecution[] {
    return this.#ofThing(thingName)
      .filter((execution) => !isTerminal(execution.status))
      .sort((left, right) => left.order - right.order)
      .slice(0, limit)
  }

  executionsOfJob(
    jobId: string,
    statuses: readonly JobExecutionStatus[] | undefined,
    after: AfterExecution | undefined,
    limit: number,
  ): ExecutionPage {
    const found = [...(this.#byJob.get(jobId)?.values() ?? [])]
      .flat()
      .filter(({ status }) => statuses === undefined || statuses.includes(status))
      .sort(compareByThing)
      .filter((execution) => after === undefined || compareByThing(execution, after) > 0)
    const executions = found.slice(0, limit)
    const last = executions.at(-1)
    if (last === undefined || found.length <= limit) return { executions }
    const { thingName, executionNumber } = last
    return { executions, next: { thingName, executionNumber } }
  }

  executionsOfThing(
    thingName: string,
    query: ThingExecutionsQuery,
    afterOrder: number | undefined,
    limit: number,
  ): readonly JobExecution[] {
    const { status, jobId, namespaceId } = query
    return this.#ofThing(thingName)
      .filter((execution) => status === undefined || execution.status === status)
      .filter((execution) => jobId === undefined || execution.jobId === jobId)
      .filter((execution) => namespaceId === undefined || execution.namespaceId === namespaceId)
      .filter((execution) => afterOrder === undefined || execution.order < afterOrder)
      .sort((left, right) => right.order - left.order)
      .slice(0, limit)
  }

  queueTargets(jobId: string, thingNames: readonly string[]): void {
    this.#queues.set(jobId, [...(this.#queues.get(jobId) ?? []), ...thingNames])
  }

  takeTargets(jobId: string, limit: number): readonly string[] {
    return this.#queues.get(jobId)?.splice(0, limit) ?? []
  }

  hasTargets(jobId: string): boolean {
    return (this.#queues.get(jobId)?.length ?? 0) > 0
  }

  countTargets(jobId: string): number {
    return this.#queues.get(jobId)?.length ?? 0
  }

  isTargetQueued(jobId: string, thingName: string): boolean {
    return this.#queues.get(jobId)?.includes(thingName) ?? false
  }

  clearTargets(jobId: string): void {
    this.#queues.delete(jobId)
  }

  putDue(work: string, dueAtMs: number): void {
    // Set anew, so that work put again comes after other work of the same time.
    this.#due.delete(work)
    this.#due.set(work, dueAtMs)
  }

  deleteDue(work: string): void {
    this.#due.delete(work)
  }

  firstDue(nowMs: number): DueWork | undefined {
    let first: DueWork | undefined
    for (const [work, dueAtMs] of this.#due) {
      if (dueAtMs <= nowMs && (first === undefined || dueAtMs < first.dueAtMs)) {
        first = { work, dueAtMs }
      }
    }
    return first
  }

  nextDueAtMs(): number | undefined {
    return this.firstDue(Infinity)?.dueAtMs
  }

  template(jobTemplateId: string): JobTemplate | undefined {
    return this.#templates.get(jobTemplateId)
  }

  putTemplate(template: JobTemplate): void {
    this.#templates.set(template.jobTemplateId, template)
  }

  deleteTemplate(jobTemplateId: string): void {
    this.#templates.delete(jobTemplateId)
  }

  templates(after: AfterTemplate | undefined, limit: number): readonly JobTemplate[] {
    return [...this.#templates.values()]
      .filter((template) => after === undefined || compareTemplates(after, template) < 0)
      .sort(compareTemplates)
      .slice(0, limit)
  }

  countTemplates(): number {
    return this.#templates.size
  }

  #attempts(jobId: string, thingName: string): readonly JobExecution[] {
    return this.#byJob.get(jobId)?.get(thingName) ?? []
  }

  #ofThing(thingName: string): JobExecution[] {
    return [...(this.#byThing.get(thingName)?.values() ?? [])]
  }
}

function matchesJob(query: JobsQuery, { config, progress }: Job): boolean {
  const { status, targetSelection, namespaceId, targetArn } = query
  if (status !== undefined && progress.status !== status) return false
  if (targetSelection !== undefined && config.targetSelection !== targetSelection) return false
  if (namespaceId !== undefined && config.namespaceId !== namespaceId) return false
  return targetArn === undefined || config.targets.includes(targetArn)
}

function compareNewest(left: AfterJob, right: AfterJob): number {
  return right.createdAtMs - left.createdAtMs || compareText(right.jobId, left.jobId)
}

function compareTemplates(left: AfterTemplate, right: AfterTemplate): number {
  return (
    right.createdAtMs - left.createdAtMs || compareText(right.jobTemplateId, left.jobTemplateId)
  )
}

function compareByThing(left: AfterExecution, right: AfterExecution): number {
  return (
    compareText(left.thingName, right.thingName) || left.executionNumber - right.executionNumber
  )
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
