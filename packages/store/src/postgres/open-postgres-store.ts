/**
 * From an address to a store that leads: wait for the lock, become the leader, load, serve.
 */
import { existsSync, renameSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import { SCHEMA_VERSION, StoreVersionError } from '../schema.ts'
import { SqliteStore } from '../sqlite-store.ts'
import { PostgresDatabase, type Holder } from './leader-database.ts'
import { graceMs } from './leader-lease.ts'
import { LedStore, type LeaderBounds } from './led-store.ts'
import { RowCapture } from './row-capture.ts'
import {
  copyFile,
  currentShapes,
  fillCopy,
  moveCopy,
  removeCopy,
  writeWhole,
} from './working-copy.ts'

/** Where the state is kept, and where this core works on it. */
export interface PostgresStoreOptions {
  readonly connection: ClientConfig
  /** Path of the working copy; what is there is removed. */
  readonly copyFile: string
  /** Path of a store file that an empty database takes over; it is renamed then. */
  readonly formerFile?: string
  readonly bounds?: Partial<LeaderBounds>
  /** Another core leads: this one waits for its lock. Called once. */
  readonly onWaiting?: (holder: Holder) => void
  /** Ends the waiting. */
  readonly signal?: AbortSignal
}

/** A store that leads. */
export interface OpenedPostgresStore {
  readonly store: LedStore
  /** For the user: how long it took to lead, and what was taken over. */
  readonly notes: readonly string[]
}

/** The lease, and how long a database may be out of reach, where nobody says otherwise. */
export const DEFAULT_BOUNDS: LeaderBounds = { leaseMs: 2000, outageMs: 60_000 }

/** Pauses between attempts to get the lock: a question that waits for it would keep rows from being cleaned. */
const LOCK_PAUSE_MS = 200

/** What a store file is called once a database has taken it over. */
const FORMER = '-former'

/**
 * Waits until nobody else leads, and leads.
 *
 * @throws StoreVersionError when a newer program wrote the database; an Error when it cannot be reached
 *   or used, or the waiting was ended
 */
export async function openPostgresStore(
  options: PostgresStoreOptions,
): Promise<OpenedPostgresStore> {
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds }
  const shapes = currentShapes()
  const database = await untilLocked(options, bounds, async () =>
    PostgresDatabase.open(options.connection, shapes),
  )
  const lockedMs = performance.now()
  try {
    const { schemaVersion, released } = await database.found()
    if (schemaVersion > SCHEMA_VERSION) {
      throw new StoreVersionError(addressOf(options.connection), schemaVersion)
    }
    const askedMs = performance.now()
    const row = await database.claim()
    const isNew = schemaVersion === 0
    const file = options.copyFile
    const former = isNew && existsSync(options.formerFile ?? '') ? options.formerFile : undefined
    let rows = 0
    if (former !== undefined) copyFile(former, file)
    else if (isNew) removeCopy(file)
    else rows = await fillCopy(database.connection, file, schemaVersion)
    if (schemaVersion < SCHEMA_VERSION) {
      moveCopy(file)
      await writeWhole(database.connection, file)
    }
    if (former !== undefined) renameSync(former, `${former}${FORMER}`)
    const copy = new SqliteStore({ file, isCopy: true })
    const capture = new RowCapture(copy.database, shapes)
    const grace = graceMs(bounds.leaseMs, released, lockedMs, performance.now())
    await new Promise((resolve) => setTimeout(resolve, grace))
    const store = new LedStore({
      copy,
      capture,
      database,
      row,
      askedMs,
      bounds,
      isNew: isNew && former === undefined,
      closed: () => removeCopy(file),
    })
    const seconds = ((performance.now() - lockedMs) / 1000).toFixed(1)
    return {
      store,
      notes: [
        ...(former === undefined ? [] : [takenOverNote(former, options.connection)]),
        `leads ${addressOf(options.connection)} as epoch ${row.epoch}: ${rows} rows, ${seconds} s after the lock`,
      ],
    }
  } catch (cause) {
    database.break()
    throw cause
  }
}

/** How a database is called in messages: without what is secret. */
export function addressOf({ host, port, database }: ClientConfig): string {
  return `postgres://${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`
}

function takenOverNote(former: string, connection: ClientConfig): string {
  return (
    `the account of \`${former}\` is in ${addressOf(connection)} now; ` +
    `the file is called \`${former}${FORMER}\` and used no more`
  )
}

/** Connects and takes the lock, however long another has it; one that waited may find the database gone. */
async function untilLocked(
  { connection, onWaiting, signal }: PostgresStoreOptions,
  { outageMs }: LeaderBounds,
  open: () => Promise<PostgresDatabase>,
): Promise<PostgresDatabase> {
  let database: PostgresDatabase | undefined
  let waits = false
  let reachedMs = performance.now()
  for (;;) {
    if (signal?.aborted === true) {
      database?.break()
      throw new Error(`stopped while another core led ${addressOf(connection)}`)
    }
    try {
      database ??= await open()
      const holder = await database.lock()
      if (holder === undefined) return database
      reachedMs = performance.now()
      if (!waits) onWaiting?.(holder)
      waits = true
    } catch (cause) {
      database?.break()
      database = undefined
      if (!waits || performance.now() - reachedMs > outageMs) {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new Error(`the database ${addressOf(connection)} cannot be used: ${why}`, { cause })
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS))
  }
}
