/**
 * One open store: all durable state of a server, written in batches.
 */
import type { CatalogState } from '@muster/catalog'
import type { JobsState } from '@muster/jobs'
import type { ShadowState } from '@muster/shadow'
import type { StreamsState } from '@muster/streams'
import type { DatabaseSync } from 'node:sqlite'
import { StoreVersionError } from './schema.ts'
import type { Records } from './sqlite-records.ts'
import { reasonOf, SqliteStore } from './sqlite-store.ts'
import { StoreGoneError } from './store-mark.ts'

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
  /** What the rules of the package catalog read and write. */
  readonly catalog: CatalogState
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
   * Makes the batch durable: it is on the disk when this returns, or goes there and
   * {@link confirmation} tells when it is. Throws with nothing kept, also for a write of the batch that
   * failed before, or a file that was removed meanwhile.
   */
  commit(): void
  /** Where batches become durable after {@link commit} returned; absent where they are then. */
  readonly confirmation?: Confirmation
  /** Forgets the batch. */
  rollback(): void
  /** Empties everything and commits. */
  reset(): void
  /** Waits for what is to be confirmed, if anything is. */
  close(): void | Promise<void>
}

/** A store that is durable by itself: closing it waits for nobody. */
export interface FileStore extends Store {
  close(): void
}

/** What is known of batches that become durable elsewhere. */
export interface Confirmation {
  /**
   * All that was committed is durable, and nobody else has led since: what is known may be told.
   */
  readonly settled: boolean
  /**
   * Calls once all that was committed until now is durable, in the order of asking; with a fault when
   * it never will be known to be, for this and whatever comes later.
   */
  whenSettled(done: (fault?: { readonly cause: unknown }) => void): void
  /** Calls this once, when nothing more will be durable: memory is ahead, and the server must stop. */
  whenOver(told: (cause: unknown) => void): void
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
export function openStore(options: StoreOptions = {}): FileStore {
  try {
    return new SqliteStore(options)
  } catch (cause) {
    if (cause instanceof StoreVersionError || cause instanceof StoreGoneError) throw cause
    throw new Error(`the database ${options.file ?? ''} cannot be used: ${reasonOf(cause)}`, {
      cause,
    })
  }
}
