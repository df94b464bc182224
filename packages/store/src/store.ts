/**
 * One open store: all durable state of a server, written in batches.
 */
import type { JobsState } from '@muster/jobs'
import { DatabaseSync } from 'node:sqlite'
import { emptyTables, prepareSchema } from './schema.ts'
import { SqliteJobs } from './sqlite-jobs.ts'
import { SqliteRecords, type Records } from './sqlite-records.ts'

/** Durable state; a batch opens by itself with the first write. */
export interface Store {
  /** What registry and broker write through. */
  readonly records: Records
  /** What the Jobs rules read and write. */
  readonly jobs: JobsState
  /** Whether anything was written since the last commit. */
  readonly dirty: boolean
  /** Makes the batch durable: it is on the disk when this returns. Throws with nothing kept. */
  commit(): void
  /** Forgets the batch. */
  rollback(): void
  /** Empties everything and commits. */
  reset(): void
  close(): void
}

/** Where the state is kept. */
export interface StoreOptions {
  /** Path of the SQLite file; in memory when absent. */
  readonly file?: string
}

/**
 * Opens or creates a store.
 *
 * @throws StoreVersionError when a newer program wrote the file; an `ERR_SQLITE_ERROR` when it
 *   cannot be opened or is no database
 */
export function openStore(options: StoreOptions = {}): Store {
  return new SqliteStore(options.file ?? ':memory:')
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync
  readonly #jobs: SqliteJobs
  readonly records: Records
  #open = false

  constructor(file: string) {
    this.#database = new DatabaseSync(file)
    this.#database.exec('PRAGMA journal_mode = WAL')
    this.#database.exec('PRAGMA synchronous = FULL')
    this.#database.exec('PRAGMA temp_store = MEMORY')
    this.#database.exec('PRAGMA cache_size = -65536')
    prepareSchema(this.#database, file)
    const beforeWrite = (): void => this.#begin()
    this.#jobs = new SqliteJobs(this.#database, beforeWrite)
    this.records = new SqliteRecords(this.#database, beforeWrite)
  }

  get jobs(): JobsState {
    return this.#jobs
  }

  get dirty(): boolean {
    return this.#open
  }

  commit(): void {
    if (!this.#open) return
    try {
      this.#jobs.flush()
      this.#database.exec('COMMIT')
      this.#open = false
    } catch (cause) {
      this.rollback()
      throw cause
    }
  }

  rollback(): void {
    // SQLite may have rolled back by itself, as it does when the disk is full.
    if (this.#open && this.#database.isTransaction) this.#database.exec('ROLLBACK')
    this.#open = false
    this.#jobs.forget()
  }

  reset(): void {
    this.#begin()
    emptyTables(this.#database)
    this.#database.exec('COMMIT')
    this.#open = false
    this.#jobs.forget()
  }

  close(): void {
    if (this.#open) this.rollback()
    this.#database.close()
  }

  #begin(): void {
    if (this.#open) return
    this.#database.exec('BEGIN')
    this.#open = true
  }
}
