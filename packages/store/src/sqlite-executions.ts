/**
 * Executions of the Jobs state on SQLite.
 */
import {
  isVisiblePending,
  type AfterExecution,
  type ExecutionPage,
  type JobExecution,
  type JobExecutionKey,
  type JobExecutionStatus,
  type ThingExecutionsQuery,
} from '@muster/jobs'
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import {
  CHANGED_ASSIGNMENTS,
  changedValues,
  EXECUTION_COLUMNS,
  executionValues,
  readExecution,
} from './execution-rows.ts'
import { UnfinishedExecutions } from './unfinished-executions.ts'
import type { WriteBatch } from './write-batch.ts'

const SELECT = `SELECT ${EXECUTION_COLUMNS} FROM executions`
/** Rows that one call looks at in search of a status. */
const ROWS_SEARCHED_MAX = 5000

/** The executions' half of the Jobs state. */
export class SqliteExecutions {
  readonly #database: DatabaseSync
  readonly #queries = new Map<string, StatementSync>()
  readonly #unfinished = new UnfinishedExecutions()
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #delete: StatementSync
  protected readonly batch: WriteBatch
  #order = 0
  /** How many executions have each status: they are too many to be counted when somebody asks. */
  #counts = new Map<JobExecutionStatus, number>()
  /** Things whose executions changed within {@link wholly}. */
  #touched: Set<string> | undefined

  constructor(database: DatabaseSync, batch: WriteBatch) {
    this.#database = database
    this.batch = batch
    const marks = EXECUTION_COLUMNS.replaceAll(/\w+/g, '?')
    this.#insert = database.prepare(`INSERT INTO executions VALUES (${marks})`)
    this.#update = database.prepare(
      `UPDATE executions SET ${CHANGED_ASSIGNMENTS} WHERE creation = ?`,
    )
    this.#delete = database.prepare('DELETE FROM executions WHERE creation = ?')
    this.#load()
  }

  /** Forgets what was not committed. */
  forget(): void {
    this.#load()
  }

  /** Runs with all of its writes, or none when it throws: memory is read again then. */
  wholly<T>(run: () => T): T {
    const touched = new Set<string>()
    const counts = new Map(this.#counts)
    this.#touched = touched
    try {
      return this.batch.wholly(run)
    } catch (cause) {
      this.#counts = counts
      for (const thingName of touched) this.#reload(thingName)
      throw cause
    } finally {
      this.#touched = undefined
    }
  }

  /** Executions by status; those of none are left out. */
  get executionCounts(): ReadonlyMap<JobExecutionStatus, number> {
    return this.#counts
  }

  execution(key: JobExecutionKey): JobExecution | undefined {
    const { jobId, thingName, executionNumber } = key
    const known = this.#unfinishedOf(jobId, thingName)
    if (known?.executionNumber === executionNumber) return known
    const text = `${SELECT} WHERE job_id = ? AND thing_name = ? AND number = ?`
    return this.#one(text, [jobId, thingName, executionNumber])
  }

  latestExecution(jobId: string, thingName: string): JobExecution | undefined {
    // INVARIANT: a new execution is only made once the one before it is terminal.
    const known = this.#unfinishedOf(jobId, thingName)
    if (known !== undefined) return known
    const text = `${SELECT} WHERE job_id = ? AND thing_name = ? ORDER BY number DESC LIMIT 1`
    return this.#one(text, [jobId, thingName])
  }

  insertExecution(execution: JobExecution): void {
    this.#touched?.add(execution.thingName)
    this.write(this.#insert, executionValues(execution))
    this.#count(execution.status, 1)
    this.#unfinished.add(execution)
  }

  updateExecution(execution: JobExecution): void {
    this.#touched?.add(execution.thingName)
    this.write(this.#update, changedValues(execution))
    // One that is not among the unfinished is terminal, and stays what it is.
    const before = this.#unfinished.remove(execution)
    if (before !== undefined) {
      this.#count(before.status, -1)
      this.#count(execution.status, 1)
    }
    this.#unfinished.add(execution)
  }

  deleteExecution(execution: JobExecution): void {
    this.#touched?.add(execution.thingName)
    this.write(this.#delete, [execution.order])
    this.#count(this.#unfinished.remove(execution)?.status ?? execution.status, -1)
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
    const found: JobExecution[] = []
    for (const execution of this.#unfinished.of(thingName)) {
      if (found.length >= limit) break
      if (execution.namespaceId === namespaceId && isVisiblePending(execution)) {
        found.push(execution)
      }
    }
    return found
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
    return this.#unfinished
      .of(thingName)
      .toSorted((left, right) => left.order - right.order)
      .slice(0, limit)
  }

  executionsOfJob(
    jobId: string,
    statuses: readonly JobExecutionStatus[] | undefined,
    after: AfterExecution | undefined,
    limit: number,
  ): ExecutionPage {
    // A row beyond the page tells whether there is a next one.
    if (statuses === undefined) {
      const found = this.#ofJob(jobId, '', [], after, limit + 1)
      return toPage(found, limit, undefined)
    }
    const marks = statuses.map(() => '?').join(', ')
    const end = this.#searchEnd(jobId, after)
    const until = end === undefined ? '' : 'AND (thing_name, number) <= (?, ?)'
    const values = end === undefined ? statuses : [...statuses, end.thingName, end.executionNumber]
    const condition = `AND status IN (${marks}) ${until}`
    return toPage(this.#ofJob(jobId, condition, values, after, limit + 1), limit, end)
  }

  executionsOfThing(
    thingName: string,
    query: ThingExecutionsQuery,
    afterOrder: number | undefined,
    limit: number,
  ): readonly JobExecution[] {
    const { status, jobId, namespaceId } = query
    const where = ['thing_name = ?']
    const values: SQLInputValue[] = [thingName]
    const add = (condition: string, value: SQLInputValue | undefined): void => {
      if (value === undefined) return
      where.push(condition)
      values.push(value)
    }
    add('job_id = ?', jobId)
    add('status = ?', status)
    add('namespace_id = ?', namespaceId)
    add('creation < ?', afterOrder)
    const index = jobId === undefined ? 'executions_by_thing' : 'executions_key'
    const text =
      `${SELECT} INDEXED BY ${index} WHERE ${where.join(' AND ')} ` +
      'ORDER BY creation DESC LIMIT ?'
    return this.#many(text, [...values, limit])
  }

  /** Runs a write inside the batch. */
  protected write(statement: StatementSync, values: readonly SQLInputValue[]): void {
    this.batch.attempt(() => statement.run(...values))
  }

  #ofJob(
    jobId: string,
    condition: string,
    values: readonly SQLInputValue[],
    after: AfterExecution | undefined,
    limit: number,
  ): readonly JobExecution[] {
    const behind = after === undefined ? '' : 'AND (thing_name, number) > (?, ?)'
    const start = after === undefined ? [] : [after.thingName, after.executionNumber]
    const text =
      `${SELECT} INDEXED BY executions_key WHERE job_id = ? ${behind} ${condition} ` +
      'ORDER BY thing_name, number LIMIT ?'
    return this.#many(text, [jobId, ...start, ...values, limit])
  }

  /** The last row that a search from `after` looks at; undefined when it reaches the end. */
  #searchEnd(jobId: string, after: AfterExecution | undefined): AfterExecution | undefined {
    const behind = after === undefined ? '' : 'AND (thing_name, number) > (?, ?)'
    const start = after === undefined ? [] : [after.thingName, after.executionNumber]
    const text =
      `SELECT thing_name, number FROM executions WHERE job_id = ? ${behind} ` +
      'ORDER BY thing_name, number LIMIT 1 OFFSET ?'
    const values = [jobId, ...start, ROWS_SEARCHED_MAX]
    const row = this.#query(text).get(...values) as unknown as SQLOutputValue[] | undefined
    return row && { thingName: String(row[0]), executionNumber: Number(row[1]) }
  }

  #unfinishedOf(jobId: string, thingName: string): JobExecution | undefined {
    return this.#unfinished.of(thingName).find((execution) => execution.jobId === jobId)
  }

  #one(text: string, values: readonly SQLInputValue[]): JobExecution | undefined {
    const row = this.#query(text).get(...values) as unknown as SQLOutputValue[] | undefined
    return row && readExecution(row)
  }

  #many(text: string, values: readonly SQLInputValue[]): readonly JobExecution[] {
    const rows = this.#query(text).all(...values) as unknown as SQLOutputValue[][]
    return rows.map(readExecution)
  }

  #query(text: string): StatementSync {
    const known = this.#queries.get(text)
    if (known !== undefined) return known
    const prepared = this.#database.prepare(text)
    prepared.setReturnArrays(true)
    this.#queries.set(text, prepared)
    return prepared
  }

  #count(status: JobExecutionStatus, change: 1 | -1): void {
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + change)
  }

  #reload(thingName: string): void {
    for (const known of this.#unfinished.of(thingName).slice()) this.#unfinished.remove(known)
    const text = `${SELECT} WHERE thing_name = ? AND status IN ('QUEUED', 'IN_PROGRESS')`
    for (const execution of this.#many(text, [thingName])) this.#unfinished.add(execution)
  }

  #load(): void {
    this.#unfinished.clear()
    const rows = this.#query(`${SELECT} WHERE status IN ('QUEUED', 'IN_PROGRESS')`)
    for (const row of rows.iterate()) {
      this.#unfinished.add(readExecution(row as unknown as SQLOutputValue[]))
    }
    this.#counts = new Map()
    const counted = this.#query('SELECT status, count(*) FROM executions GROUP BY status').all()
    for (const row of counted as unknown as SQLOutputValue[][]) {
      this.#counts.set(String(row[0]) as JobExecutionStatus, Number(row[1]))
    }
    const highest = this.#query('SELECT max(creation) FROM executions').get()
    this.#order = Number((highest as unknown as SQLOutputValue[] | undefined)?.[0] ?? 0)
  }
}

/** @param end - where the search stopped, when it did */
function toPage(
  found: readonly JobExecution[],
  limit: number,
  end: AfterExecution | undefined,
): ExecutionPage {
  const executions = found.slice(0, limit)
  const last = executions.at(-1)
  if (found.length > limit && last !== undefined) {
    const { thingName, executionNumber } = last
    return { executions, next: { thingName, executionNumber } }
  }
  return end === undefined ? { executions } : { executions, next: end }
}
