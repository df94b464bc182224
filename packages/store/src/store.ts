/**
 * One open store: all durable state of a server, written in batches.
 */
import type { JobsState } from '@muster/jobs'
import type { ShadowState } from '@muster/shadow'
import type { StreamsState } from '@muster/streams'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { emptyTables, prepareSchema, StoreVersionError } from './schema.ts'
import { SqliteJobs } from './sqlite-jobs.ts'
import { SqliteRecords, type Records } from './sqlite-records.ts'
import { SqliteShadows } from './sqlite-shadows.ts'
import { SqliteStreams } from './sqlite-streams.ts'
import { StoreGoneError, StoreMark } from './store-mark.ts'
import { StorePresence } from './store-presence.ts'
import { WriteBatch } from './write-batch.ts'

/** Durable state; a batch opens by itself with the first write. */
export interface Store {
  /** What registry and broker write through. */
  readonly records: Records
  /** What the Jobs rules read and write. */
  readonly jobs: JobsState
  /** What the rules of shadows read and write. */
  readonly shadows: ShadowState
  /** What the rules of streams and OTA updates read and write. */
  readonly streams: StreamsState
  /** Figures of it that are kept as it changes. */
  readonly jobCounts: {
    readonly executions: ReadonlyMap<string, number>
    /** Things that wait for a rollout. */
    readonly queuedTargets: number
  }
  /** The jobs that were put, progressed or deleted since the last call: for who goes with a commit. */
  takeTouchedJobs(): ReadonlySet<string>
  /** How large its files are, bytes; both 0 for one in memory. */
  readonly fileBytes: { readonly database: number; readonly log: number }
  /** Whether there was nothing when it was opened. */
  readonly isNew: boolean
  /** What was lost of the commits before it was opened, for the user: `its log … is cut`. */
  readonly lost: string | undefined
  /** Whether anything was written since the last commit. */
  readonly dirty: boolean
  /**
   * Calls this with the first write of every batch from now on: so that somebody commits it, also
   * what nobody waits for. One at most is called.
   */
  onBatchOpened(opened: () => void): void
  /**
   * Makes the batch durable: it is on the disk when this returns. Throws with nothing kept, also
   * for a write of the batch that failed before, or a file that was removed meanwhile.
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
  /**
   * An open database in memory to use instead of a file. It stays open when the store is closed: a
   * simulation opens it again after a crash, with what was committed.
   */
  readonly database?: DatabaseSync
}

/**
 * Opens or creates a store.
 *
 * @throws StoreVersionError when a newer program wrote the file; StoreGoneError when there was one
 *   and it is missing or empty; an Error naming the file when it cannot be opened, read or written, or
 *   is no database of Muster
 */
export function openStore(options: StoreOptions = {}): Store {
  const { file = MEMORY, database } = options
  try {
    return new SqliteStore(database === undefined ? file : MEMORY, database)
  } catch (cause) {
    if (cause instanceof StoreVersionError || cause instanceof StoreGoneError) throw cause
    throw new Error(`the database ${file} cannot be used: ${reasonOf(cause)}`, { cause })
  }
}

/** SQLite's name of a database without a file. */
const MEMORY = ':memory:'

/** How long a write waits for another program that has the file locked, a backup for example. */
const othersTimeoutMs = 5000

class SqliteStore implements Store {
  readonly isNew: boolean
  readonly lost: string | undefined
  readonly records: Records
  readonly shadows: ShadowState
  readonly streams: StreamsState
  readonly #file: string
  readonly #database: DatabaseSync
  readonly #isLent: boolean
  readonly #jobs: SqliteJobs
  readonly #batch: WriteBatch
  readonly #mark: StoreMark | undefined
  readonly #presence: StorePresence | undefined

  /** @param lent - whoever opened it closes it */
  constructor(file: string, lent: DatabaseSync | undefined) {
    this.#file = file
    this.#isLent = lent !== undefined
    this.#mark = file === MEMORY ? undefined : new StoreMark(file)
    this.lost = this.#mark?.check()
    this.#database = lent ?? new DatabaseSync(file, { timeout: othersTimeoutMs })
    try {
      this.isNew = prepareSchema(this.#database, file) === 0
      if (file !== MEMORY) refuseDamaged(this.#database, file)
      this.#database.exec('PRAGMA journal_mode = WAL')
      this.#database.exec('PRAGMA synchronous = FULL')
      this.#database.exec('PRAGMA temp_store = MEMORY')
      this.#database.exec('PRAGMA cache_size = -65536')
      // A file that can be read only is found out now, not with the first thing that is to be kept.
      this.#database.exec('BEGIN IMMEDIATE; ROLLBACK')
      this.#batch = new WriteBatch(this.#database)
      this.#jobs = new SqliteJobs(this.#database, this.#batch)
      this.records = new SqliteRecords(this.#database, this.#batch)
      this.shadows = new SqliteShadows(this.#database, this.#batch)
      this.streams = new SqliteStreams(this.#database, this.#batch)
      this.#presence = file === MEMORY ? undefined : new StorePresence(file)
      this.#mark?.opened()
    } catch (cause) {
      if (!this.#isLent) this.#database.close()
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
    this.#batch.attempt(() => emptyTables(this.#database))
    this.#batch.commit()
    this.#jobs.forget()
  }

  close(): void {
    if (this.#batch.open) this.rollback()
    const isThere = this.#presence?.isThere === true
    if (!this.#isLent) this.#database.close()
    if (isThere) this.#mark?.closed()
  }
}

/** Above this a look at every page would hold up the start: `muster check` looks at those. */
const LOOKED_AT_BYTES_MAX = 256 * 1024 * 1024

/**
 * A page that the disk gave back as another one may still read as rows, wrong ones. So pages are looked at before
 * anybody is served: that they hang together and are in order. What stands inside of a value has no checksum.
 *
 * @throws Error with what SQLite found
 */
function refuseDamaged(database: DatabaseSync, file: string): void {
  if (statSync(file).size > LOOKED_AT_BYTES_MAX) return
  const found = String(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] ?? '')
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

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
