/**
 * The Jobs state on SQLite: jobs, their rollout queues, due work and templates.
 *
 * Jobs that were touched lately are kept as objects; their progress changes with every execution
 * and is written once per batch.
 */
import {
  isConcurrent,
  type AfterJob,
  type AfterTemplate,
  type DueWork,
  type Job,
  type JobConfig,
  type JobProgress,
  type JobsQuery,
  type JobsState,
  type JobStatus,
  type JobTemplate,
} from '@muster/jobs'
import { keptJson } from '@muster/model'
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import { SqliteExecutions } from './sqlite-executions.ts'
import type { WriteBatch } from './write-batch.ts'

/** Jobs kept as objects. */
const JOBS_KEPT_MAX = 2000
/** Thing names in one row of a rollout queue. */
const TARGETS_PER_PART = 200
/** How many names the parts of each job hold: every one stands between two line feeds. */
const COUNT_TARGETS =
  "SELECT job_id, sum(length(names) - length(replace(names, char(10), '')) - 1) AS targets " +
  'FROM rollout_targets GROUP BY job_id'

/** Everything but executions, which it inherits. */
export class SqliteJobs extends SqliteExecutions implements JobsState {
  readonly #database: DatabaseSync
  readonly #jobs = new Map<string, Job>()
  readonly #changed = new Set<Job>()
  /** Jobs that were put, progressed or deleted since somebody asked. */
  #touchedJobs = new Set<string>()
  readonly #statements = new Map<string, StatementSync>()
  #setting: number
  /** Things in the rollout queue of each job; counting them takes milliseconds for large ones. */
  #queued: Map<string, number>
  #nextDue: { readonly atMs: number | undefined } | undefined

  constructor(database: DatabaseSync, batch: WriteBatch) {
    super(database, batch)
    this.#database = database
    this.#setting = this.#number('SELECT max(setting) FROM due')
    this.#queued = this.#countQueued()
  }

  /** How many things wait in the rollout queues of all jobs. */
  get queuedTargets(): number {
    let all = 0
    for (const count of this.#queued.values()) all += count
    return all
  }

  /** Whether progress waits to be written. */
  get changed(): boolean {
    return this.#changed.size > 0
  }

  /** The jobs that were put, progressed or deleted since the last call. */
  takeTouchedJobs(): ReadonlySet<string> {
    const touched = this.#touchedJobs
    if (touched.size > 0) this.#touchedJobs = new Set()
    return touched
  }

  /** Writes the progress of all jobs that changed. */
  flush(): void {
    for (const { config, progress } of this.#changed) {
      this.write(
        this.#sql('UPDATE jobs SET status = ?, concurrent = ?, progress = ? WHERE job_id = ?'),
        [progress.status, isConcurrent(progress) ? 1 : 0, JSON.stringify(progress), config.jobId],
      )
    }
    this.#changed.clear()
    if (this.#jobs.size > JOBS_KEPT_MAX) this.#jobs.clear()
  }

  /** Forgets what was not committed. */
  override forget(): void {
    super.forget()
    this.#forgetJobs()
    this.#setting = this.#number('SELECT max(setting) FROM due')
    this.#queued = this.#countQueued()
  }

  override wholly<T>(run: () => T): T {
    // What went before it stays.
    this.flush()
    const queued = new Map(this.#queued)
    try {
      return super.wholly(run)
    } catch (cause) {
      this.#queued = queued
      this.#forgetJobs()
      throw cause
    }
  }

  job(jobId: string): Job | undefined {
    const kept = this.#jobs.get(jobId)
    if (kept !== undefined) return kept
    const row = this.#sql('SELECT job_id, config, progress FROM jobs WHERE job_id = ?').get(jobId)
    return row === undefined ? undefined : this.#keep(readJob(row as unknown as JobRow))
  }

  putJob(job: Job): void {
    const { config, progress } = job
    this.#touchedJobs.add(config.jobId)
    const values: SQLInputValue[] = [
      config.jobId,
      config.createdAtMs,
      progress.status,
      config.targetSelection,
      config.namespaceId ?? null,
      isConcurrent(progress) ? 1 : 0,
      JSON.stringify(config),
      JSON.stringify(progress),
    ]
    this.write(this.#sql('INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?)'), values)
    this.write(this.#sql('DELETE FROM job_targets WHERE job_id = ?'), [config.jobId])
    for (const arn of config.targets) {
      this.write(this.#sql('INSERT OR IGNORE INTO job_targets VALUES (?, ?)'), [arn, config.jobId])
    }
    const kept = this.#jobs.get(config.jobId)
    if (kept !== undefined) this.#changed.delete(kept)
    this.#keep(job)
  }

  putProgress(job: Job): void {
    this.batch.begin()
    // An older object of the same job may still be in a caller's hands: its progress is the same.
    const kept = this.#jobs.get(job.config.jobId) ?? this.#keep(job)
    this.#changed.add(kept)
    this.#touchedJobs.add(job.config.jobId)
  }

  deleteJob(jobId: string): void {
    const kept = this.#jobs.get(jobId)
    if (kept !== undefined) this.#changed.delete(kept)
    this.#jobs.delete(jobId)
    this.#touchedJobs.add(jobId)
    this.write(this.#sql('DELETE FROM jobs WHERE job_id = ?'), [jobId])
    this.write(this.#sql('DELETE FROM job_targets WHERE job_id = ?'), [jobId])
    this.clearTargets(jobId)
  }

  jobs(query: JobsQuery, after: AfterJob | undefined, limit: number): readonly Job[] {
    this.flush()
    const where: string[] = []
    const values: SQLInputValue[] = []
    const add = (condition: string, ...given: SQLInputValue[]): void => {
      where.push(condition)
      values.push(...given)
    }
    if (query.status !== undefined) add('status = ?', query.status)
    if (query.targetSelection !== undefined) add('target_selection = ?', query.targetSelection)
    if (query.namespaceId !== undefined) add('namespace_id = ?', query.namespaceId)
    if (query.targetArn !== undefined) {
      add('job_id IN (SELECT job_id FROM job_targets WHERE target_arn = ?)', query.targetArn)
    }
    if (after !== undefined) add('(created_ms, job_id) < (?, ?)', after.createdAtMs, after.jobId)
    const condition = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`
    return this.#sql(
      `SELECT job_id, config, progress FROM jobs ${condition} ` +
        'ORDER BY created_ms DESC, job_id DESC LIMIT ?',
    )
      .all(...values, limit)
      .map((row) => {
        const job = readJob(row as unknown as JobRow)
        return this.#jobs.get(job.config.jobId) ?? job
      })
  }

  countJobs(status: JobStatus): number {
    this.flush()
    return this.#number('SELECT count(*) FROM jobs WHERE status = ?', status)
  }

  countConcurrent(): number {
    this.flush()
    return this.#number('SELECT count(*) FROM jobs WHERE concurrent = 1')
  }

  continuousJobs(targetArn: string): readonly string[] {
    this.flush()
    return this.#sql(
      'SELECT job_id FROM job_targets JOIN jobs USING (job_id) WHERE target_arn = ? ' +
        "AND target_selection = 'CONTINUOUS' AND status IN ('IN_PROGRESS', 'SCHEDULED') " +
        'ORDER BY created_ms, job_id',
    )
      .all(targetArn)
      .map((row) => String(row['job_id']))
  }

  queueTargets(jobId: string, thingNames: readonly string[]): void {
    this.#countTarget(jobId, thingNames.length)
    const insert = this.#sql('INSERT INTO rollout_targets (job_id, names) VALUES (?, ?)')
    for (let start = 0; start < thingNames.length; start += TARGETS_PER_PART) {
      const names = thingNames.slice(start, start + TARGETS_PER_PART)
      this.write(insert, [jobId, joinNames(names)])
    }
  }

  takeTargets(jobId: string, limit: number): readonly string[] {
    const taken: string[] = []
    while (taken.length < limit) {
      const row = this.#sql(
        'SELECT part, names FROM rollout_targets WHERE job_id = ? ORDER BY part LIMIT 1',
      ).get(jobId)
      if (row === undefined) break
      const part = Number(row['part'])
      const names = splitNames(String(row['names']))
      taken.push(...names.splice(0, limit - taken.length))
      if (names.length === 0) {
        this.write(this.#sql('DELETE FROM rollout_targets WHERE part = ?'), [part])
      } else {
        const update = this.#sql('UPDATE rollout_targets SET names = ? WHERE part = ?')
        this.write(update, [joinNames(names), part])
      }
    }
    this.#countTarget(jobId, -taken.length)
    return taken
  }

  hasTargets(jobId: string): boolean {
    const text = 'SELECT 1 FROM rollout_targets WHERE job_id = ? LIMIT 1'
    return this.#sql(text).get(jobId) !== undefined
  }

  countTargets(jobId: string): number {
    return this.#queued.get(jobId) ?? 0
  }

  isTargetQueued(jobId: string, thingName: string): boolean {
    const row = this.#sql(
      'SELECT 1 FROM rollout_targets WHERE job_id = ? AND instr(names, ?) > 0 LIMIT 1',
    ).get(jobId, `\n${thingName}\n`)
    return row !== undefined
  }

  clearTargets(jobId: string): void {
    this.#queued.delete(jobId)
    this.write(this.#sql('DELETE FROM rollout_targets WHERE job_id = ?'), [jobId])
  }

  putDue(work: string, dueAtMs: number): void {
    this.#setting += 1
    this.#nextDue = undefined
    this.write(
      this.#sql(
        'INSERT INTO due VALUES (?, ?, ?) ON CONFLICT (work) ' +
          'DO UPDATE SET due_ms = excluded.due_ms, setting = excluded.setting',
      ),
      [work, dueAtMs, this.#setting],
    )
  }

  deleteDue(work: string): void {
    this.#nextDue = undefined
    this.write(this.#sql('DELETE FROM due WHERE work = ?'), [work])
  }

  firstDue(nowMs: number): DueWork | undefined {
    if ((this.nextDueAtMs() ?? Infinity) > nowMs) return undefined
    const row = this.#sql('SELECT work, due_ms FROM due ORDER BY due_ms, setting LIMIT 1').get()
    return row && { work: String(row['work']), dueAtMs: Number(row['due_ms']) }
  }

  nextDueAtMs(): number | undefined {
    if (this.#nextDue === undefined) {
      const row = this.#sql('SELECT min(due_ms) AS at_ms FROM due').get()
      const atMs = row?.['at_ms'] ?? undefined
      this.#nextDue = { atMs: atMs === undefined ? undefined : Number(atMs) }
    }
    return this.#nextDue.atMs
  }

  template(jobTemplateId: string): JobTemplate | undefined {
    const row = this.#sql(
      'SELECT job_template_id, template FROM job_templates WHERE job_template_id = ?',
    ).get(jobTemplateId)
    return row && readTemplate(row)
  }

  putTemplate(template: JobTemplate): void {
    this.write(this.#sql('INSERT OR REPLACE INTO job_templates VALUES (?, ?)'), [
      template.jobTemplateId,
      JSON.stringify(template),
    ])
  }

  deleteTemplate(jobTemplateId: string): void {
    this.write(this.#sql('DELETE FROM job_templates WHERE job_template_id = ?'), [jobTemplateId])
  }

  templates(after: AfterTemplate | undefined, limit: number): readonly JobTemplate[] {
    const { createdAtMs = Number.MAX_SAFE_INTEGER, jobTemplateId = '' } = after ?? {}
    // An account has a hundred templates at most: no index is needed.
    return this.#sql(
      "SELECT job_template_id, template, json_extract(template, '$.createdAtMs') AS created_ms " +
        'FROM job_templates WHERE (created_ms, job_template_id) < (?, ?) ' +
        'ORDER BY created_ms DESC, job_template_id DESC LIMIT ?',
    )
      .all(createdAtMs, jobTemplateId, limit)
      .map(readTemplate)
  }

  countTemplates(): number {
    return this.#number('SELECT count(*) FROM job_templates')
  }

  #countQueued(): Map<string, number> {
    const rows = this.#sql(COUNT_TARGETS).all()
    return new Map(rows.map((row) => [String(row['job_id']), Number(row['targets'])]))
  }

  #countTarget(jobId: string, change: number): void {
    const count = this.countTargets(jobId) + change
    if (count === 0) this.#queued.delete(jobId)
    else this.#queued.set(jobId, count)
  }

  #forgetJobs(): void {
    this.#jobs.clear()
    this.#changed.clear()
    this.#nextDue = undefined
  }

  #keep(job: Job): Job {
    this.#jobs.set(job.config.jobId, job)
    return job
  }

  #sql(text: string): StatementSync {
    const prepared = this.#statements.get(text) ?? this.#database.prepare(text)
    this.#statements.set(text, prepared)
    return prepared
  }

  #number(text: string, ...values: SQLInputValue[]): number {
    const row = this.#sql(text).get(...values)
    const [value] = Object.values<SQLOutputValue>(row ?? {})
    return Number(value ?? 0)
  }
}

interface JobRow {
  readonly job_id: string
  readonly config: string
  readonly progress: string
}

function readJob(row: JobRow): Job {
  return {
    config: keptJson<JobConfig>(row.config, `the configuration of job ${row.job_id}`),
    progress: keptJson<JobProgress>(row.progress, `the progress of job ${row.job_id}`),
  }
}

function readTemplate(row: Record<string, SQLOutputValue>): JobTemplate {
  return keptJson(String(row['template']), `job template ${String(row['job_template_id'])}`)
}

/** Every name between two line feeds, so that a whole one can be searched for. */
function joinNames(names: readonly string[]): string {
  return `\n${names.join('\n')}\n`
}

function splitNames(text: string): string[] {
  return text.slice(1, -1).split('\n')
}
