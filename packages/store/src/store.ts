/**
 * One open store: all durable state of a server, written in batches.
 */
import type { JobsState } from '@muster/jobs'
import { DatabaseSync } from 'node:sqlite'
import { emptyTables, prepareSchema, StoreVersionError } from './schema.ts'
import { SqliteJobs } from './sqlite-jobs.ts'
import { SqliteRecords, type Records } from './sqlite-records.ts'
import { WriteBatch } from './write-batch.ts'

/** Durable state; a batch opens by itself with the first write. */
export interface Store {
  /** What registry and broker write through. */
  readonly records: Records
  /** What the Jobs rules read and write. */
  readonly jobs: JobsState
  /** Whether anything was written since the last commit. */
  readonly dirty: boolean
  /**
   * Calls this with the first write of every batch from now on: so that somebody commits it, also
   * what nobody waits for. One at most is called.
   */
  onBatchOpened(opened: () => void): void
  /**
   * Makes the batch durable: it is on the disk when this returns. Throws with nothing kept, also
   * for a write of the batch that failed before.
   */
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
 * @throws StoreVersionError when a newer program wrote the file; an Error naming the file when it
 *   cannot be opened or written, or is no database of Muster
 */
export function openStore(options: StoreOptions = {}): Store {
  const { file = ':memory:' } = options
  try {
    return new SqliteStore(file)
  } catch (cause) {
    if (cause instanceof StoreVersionError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`the database ${file} cannot be used: ${why}`, { cause })
  }
}

/** How long a write waits for another program that has the file locked, a backup for example. */
const othersTimeoutMs = 5000

class SqliteStore implements Store {
  readonly #database: DatabaseSync
  readonly #jobs: SqliteJobs
  readonly records: Records
  readonly #batch: WriteBatch

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: othersTimeoutMs })
    prepareSchema(this.#database, file)
    this.#database.exec('PRAGMA journal_mode = WAL')
    this.#database.exec('PRAGMA synchronous = FULL')
    this.#database.exec('PRAGMA temp_store = MEMORY')
    this.#database.exec('PRAGMA cache_size = -65536')
    // A file that can be read only is found out now, not with the first thing that is to be kept.
    this.#database.exec('BEGIN IMMEDIATE; ROLLBACK')
    this.#batch = new WriteBatch(this.#database)
    this.#jobs = new SqliteJobs(this.#database, this.#batch)
    this.records = new SqliteRecords(this.#database, this.#batch)
  }

  get jobs(): JobsState {
    return this.#jobs
  }

  get dirty(): boolean {
    return this.#batch.open
  }

  onBatchOpened(opened: () => void): void {
    this.#batch.onOpened(opened)
  }

  commit(): void {
    if (!this.#batch.open) return
    try {
      this.#jobs.flush()
      this.#batch.commit()
    } catch (cause) {
      this.rollback()
      throw cause
    }
  }

  rollback(): void {
    this.#batch.rollback()
    this.#jobs.forget()
  }

  reset(): void {
    this.#batch.attempt(() => emptyTables(this.#database))
    this.#batch.commit()
    this.#jobs.forget()
  }

  close(): void {
    if (this.#batch.open) this.rollback()
    this.#database.close()
  }
}
