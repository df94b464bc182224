/**
 * The store on one SQLite file: durable by itself, or the working copy of a database elsewhere.
 */
import type { CatalogState } from '@muster/catalog'
import type { JobsState } from '@muster/jobs'
import type { ShadowState } from '@muster/shadow'
import type { StreamsState } from '@muster/streams'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { emptyTables, prepareSchema } from './schema.ts'
import { SqliteCatalog } from './sqlite-catalog.ts'
import { SqliteJobs } from './sqlite-jobs.ts'
import { SqliteRecords, type Records } from './sqlite-records.ts'
import { SqliteShadows } from './sqlite-shadows.ts'
import { SqliteStreams } from './sqlite-streams.ts'
import { StoreGoneError, StoreMark } from './store-mark.ts'
import { StorePresence } from './store-presence.ts'
import type { Store } from './store.ts'
import { WriteBatch } from './write-batch.ts'

/** SQLite's name of a database without a file. */
const MEMORY = ':memory:'

/** How long a write waits for another program that has the file locked, a backup for example. */
const othersTimeoutMs = 5000

/** What a file is to its store. */
export interface SqliteStoreOptions {
  /** Path; in memory when absent. */
  readonly file?: string
  /**
   * The file is a copy of what is kept elsewhere: nothing is flushed to the disk, nobody minds its loss.
   */
  readonly isCopy?: boolean
  /** An open database in memory instead of a file: whoever opened it closes it. */
  readonly database?: DatabaseSync
}

/** The store as one database. */
export class SqliteStore implements Store {
  readonly isNew: boolean
  readonly lost: string | undefined
  readonly records: Records
  readonly shadows: ShadowState
  readonly streams: StreamsState
  readonly catalog: CatalogState
  /** For what goes with the store's own writes: triggers of a copy. */
  readonly database: DatabaseSync
  readonly #file: string
  readonly #isLent: boolean
  readonly #jobs: SqliteJobs
  readonly #batch: WriteBatch
  readonly #mark: StoreMark | undefined
  readonly #presence: StorePresence | undefined

  constructor({ file: given = MEMORY, isCopy = false, database: lent }: SqliteStoreOptions) {
    const file = lent === undefined ? given : MEMORY
    this.#file = file
    this.#isLent = lent !== undefined
    const isKept = file !== MEMORY && !isCopy
    this.#mark = isKept ? new StoreMark(file) : undefined
    this.lost = this.#mark?.check()
    this.database = lent ?? new DatabaseSync(file, { timeout: othersTimeoutMs })
    try {
      this.isNew = prepareSchema(this.database, file) === 0
      if (isKept) refuseDamaged(this.database, file)
      this.database.exec('PRAGMA journal_mode = WAL')
      this.database.exec(`PRAGMA synchronous = ${isCopy ? 'OFF' : 'FULL'}`)
      this.database.exec('PRAGMA temp_store = MEMORY')
      this.database.exec('PRAGMA cache_size = -65536')
      // A file that can be read only is found out now, not with the first thing that is to be kept.
      this.database.exec('BEGIN IMMEDIATE; ROLLBACK')
      this.#batch = new WriteBatch(this.database)
      this.#jobs = new SqliteJobs(this.database, this.#batch)
      this.records = new SqliteRecords(this.database, this.#batch)
      this.shadows = new SqliteShadows(this.database, this.#batch)
      this.streams = new SqliteStreams(this.database, this.#batch)
      this.catalog = new SqliteCatalog(this.database, this.#batch)
      this.#presence = isKept ? new StorePresence(file) : undefined
      this.#mark?.opened()
    } catch (cause) {
      if (!this.#isLent) this.database.close()
      throw cause
    }
  }

  get jobs(): JobsState {
    return this.#jobs
  }

  get jobCounts(): Store['jobCounts'] {
    const { executionCounts, queuedTargets } = this.#jobs
    return { executions: executionCounts, queuedTargets }
  }

  get fileBytes(): Store['fileBytes'] {
    return { database: bytesOf(this.#file), log: bytesOf(`${this.#file}-wal`) }
  }

  takeTouchedJobs(): ReadonlySet<string> {
    return this.#jobs.takeTouchedJobs()
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
      this.#presence?.check()
      this.#jobs.flush()
      this.#batch.commit()
    } catch (cause) {
      this.rollback()
      if (cause instanceof StoreGoneError) throw cause
      throw new Error(`the database ${this.#file} cannot be written: ${reasonOf(cause)}`, { cause })
    }
  }

  rollback(): void {
    this.#batch.rollback()
    this.#jobs.forget()
  }

  reset(): void {
    this.#batch.attempt(() => emptyTables(this.database))
    this.#batch.commit()
    this.#jobs.forget()
  }

  close(): void {
    if (this.#batch.open) this.rollback()
    const isThere = this.#presence?.isThere === true
    if (!this.#isLent) this.database.close()
    if (isThere) this.#mark?.closed()
  }
}

/** Above this a look at every page would hold up the start: `muster check` looks at those. */
const LOOKED_AT_BYTES_MAX = 256 * 1024 * 1024

/**
 * A page that the disk gave back as another one may still read as rows, wrong ones. So pages are looked at before
 * anybody is served: that they hang together, are in order, and that tables and indexes say the same. What stands inside of a value has no checksum.
 *
 * @throws Error with what SQLite found
 */
function refuseDamaged(database: DatabaseSync, file: string): void {
  if (statSync(file).size > LOOKED_AT_BYTES_MAX) return
  const found = String(
    database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] ?? '',
  )
  if (found === 'ok') return
  throw new Error(
    `its pages are damaged (${found.replaceAll('\n', ' ')}): put a backup back, or see what ` +
      '`muster check` finds',
  )
}

/** Nothing has the name of one in memory. */
function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** What went wrong, in words. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
