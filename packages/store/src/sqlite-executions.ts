/**
 * Executions of the Jobs state on SQLite.
 */
import type {
  AfterExecution,
  JobExecution,
  JobExecutionKey,
  JobExecutionStatus,
  ThingExecutionsQuery,
} from '@muster/jobs'
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import {
  CHANGED_ASSIGNMENTS,
  changedValues,
  EXECUTION_COLUMNS,
  executionValues,
  PLACE_HIDDEN,
  readExecution,
} from './execution-rows.ts'

const SELECT = `SELECT ${EXECUTION_COLUMNS} FROM executions`

/** The executions' half of the Jobs state. */
export class SqliteExecutions {
  readonly #database: DatabaseSync
  readonly #queries = new Map<string, StatementSync>()
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #delete: StatementSync
  /** Opens the batch. */
  protected readonly beforeWrite: () => void
  #order: number

  constructor(database: DatabaseSync, beforeWrite: () => void) {
    this.#database = database
    this.beforeWrite = beforeWrite
    const marks = EXECUTION_COLUMNS.replaceAll(/\w+/g, '?')
    this.#insert = database.prepare(`INSERT INTO executions VALUES (${marks})`)
    this.#update = database.prepare(
      `UPDATE executions SET ${CHANGED_ASSIGNMENTS} WHERE creation = ?`,
    )
    this.#delete = database.prepare('DELETE FROM executions WHERE creation = ?')
    this.#order = this.#highestOrder()
  }

  /** Forgets what was not committed. */
  forget(): void {
    this.#order = this.#highestOrder()
  }

  execution({ jobId, thingName, executionNumber }: JobExecutionKey): JobExecution | undefined {
    const text = `${SELECT} WHERE job_id = ? AND thing_name = ? AND number = ?`
    return this.#one(text, [jobId, thingName, executionNumber])
  }

  latestExecution(jobId: string, thingName: string): JobExecution | undefined {
    const text = `${SELECT} WHERE job_id = ? AND thing_name = ? ORDER BY number DESC LIMIT 1`
    return this.#one(text, [jobId, thingName])
  }

  insertExecution(execution: JobExecution): void {
    this.write(this.#insert, executionValues(execution))
  }

  updateExecution(execution: JobExecution): void {
    this.write(this.#update, changedValues(execution))
  }

  deleteExecution(execution: JobExecution): void {
    this.write(this.#delete, [execution.order])
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
    return this.#pending('', thingName, namespaceId, limit)
  }

  pendingWindowed(
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[] {
    return this.#pending('AND windowed = 1', thingName, namespaceId, limit)
  }

  unfinished(thingName: string, limit: number): readonly JobExecution[] {
    const text =
      `${SELECT} INDEXED BY executions_pending ` +
      'WHERE thing_name = ? AND place IS NOT NULL ORDER BY creation LIMIT ?'
    return this.#many(text, [thingName, limit])
  }

  executionsOfJob(
    jobId: string,
    status: JobExecutionStatus | undefined,
    after: AfterExecution | undefined,
    limit: number,
  ): readonly JobExecution[] {
    const byStatus = status === undefined ? '' : 'AND status = ?'
    const behind = after === undefined ? '' : 'AND (thing_name, number) > (?, ?)'
    const text = `${SELECT} WHERE job_id = ? ${byStatus} ${behind} ORDER BY thing_name, number LIMIT ?`
    const values: SQLInputValue[] = [jobId]
    if (status !== undefined) values.push(status)
    if (after !== undefined) values.push(after.thingName, after.executionNumber)
    return this.#many(text, [...values, limit])
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
    // The unary plus keeps the planner on the thing's own index.
    add('+status = ?', status)
    add('+namespace_id = ?', namespaceId)
    add('creation < ?', afterOrder)
    const text = `${SELECT} WHERE ${where.join(' AND ')} ORDER BY creation DESC LIMIT ?`
    return this.#many(text, [...values, limit])
  }

  /** Runs a write inside the batch. */
  protected write(statement: StatementSync, values: readonly SQLInputValue[]): void {
    this.beforeWrite()
    statement.run(...values)
  }

  #pending(
    condition: string,
    thingName: string,
    namespaceId: string | undefined,
    limit: number,
  ): readonly JobExecution[] {
    const text =
      `${SELECT} WHERE thing_name = ? AND namespace_id = ? AND place < ${PLACE_HIDDEN} ` +
      `AND place IS NOT NULL ${condition} ORDER BY place, queued_ms, creation LIMIT ?`
    return this.#many(text, [thingName, namespaceId ?? '', limit])
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

  #highestOrder(): number {
    const row = this.#database.prepare('SELECT max(creation) AS highest FROM executions').get()
    return Number(row?.['highest'] ?? 0)
  }
}
