/**
 * From an address to a store that leads: wait for the lock, become the leader, load, serve.
 */
import { existsSync, renameSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import { SCHEMA_VERSION, StoreVersionError } from '../schema.ts'
import { SqliteStore } from '../sqlite-store.ts'
import { addressOf, cannotBeUsed } from './database-address.ts'
import { DatabaseOutage, DatabaseRefusal } from './database-refusal.ts'
import { PostgresDatabase, type Holder } from './leader-database.ts'
import { graceMs } from './leader-lease.ts'
import { LedStore, type LeaderBounds } from './led-store.ts'
import { RowCapture } from './row-capture.ts'
import { Standby } from './standby.ts'
import type { TableShape } from './table-shape.ts'
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
  /** The database went away while this one waited, and it waits on. Called once a reason. */
  readonly onAway?: (cause: unknown) => void
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

/** What a store file is called once a database has taken it over. */
const FORMER = '-former'

/**
 * Waits until nobody else leads, and leads. Whoever waited once waits on while the database is away: it
 * told nobody anything.
 *
 * @throws StoreVersionError when a newer program wrote the database; an Error when it cannot be reached
 *   at first or used, or the waiting was ended
 */
export async function openPostgresStore(
  options: PostgresStoreOptions,
): Promise<OpenedPostgresStore> {
  const shapes = currentShapes()
  const standby = new Standby(options)
  for (;;) {
    const database = await standby.untilLocked(() =>
      PostgresDatabase.open(options.connection, shapes),
    )
    try {
      return await lead(options, database, shapes)
    } catch (cause) {
      database.break()
      if (cause instanceof DatabaseRefusal) throw cannotBeUsed(options.connection, cause)
      if (!(cause instanceof DatabaseOutage)) throw cause
      if (!standby.waits) throw cannotBeUsed(options.connection, cause)
      await standby.away(cause)
    }
  }
}

/** From the lock to a store that leads. */
async function lead(
  options: PostgresStoreOptions,
  database: PostgresDatabase,
  shapes: readonly TableShape[],
): Promise<OpenedPostgresStore> {
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds }
  const lockedMs = performance.now()
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
}

function takenOverNote(former: string, connection: ClientConfig): string {
  return (
    `the account of \`${former}\` is in ${addressOf(connection)} now; ` +
    `the file is called \`${former}${FORMER}\` and used no more`
  )
}
