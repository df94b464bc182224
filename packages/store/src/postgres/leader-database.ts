/**
 * The database as a leader uses it: a lock that one holds, a row that says who it is, and commits that
 * are kept only where that row still says so.
 */
import { hostname } from 'node:os'
import type { ClientConfig } from 'pg'
import { APPLICATION_ID } from '../schema-versions.ts'
import type { LeaderRow, PipelinedCommit } from './commit-pipeline.ts'
import { commitText } from './commit-text.ts'
import { DatabaseConnection, LONG_ANSWER_MS } from './database-connection.ts'
import { DatabaseRefusal } from './database-refusal.ts'
import { LEADER_TABLE, SCHEMA } from './database-schema.ts'
import type { RowImages } from './row-capture.ts'
import type { TableShape } from './table-shape.ts'

/** What a leader asks of its database; a test has one of its own. */
export interface LeaderDatabase {
  /** Sends a commit. @returns whether it was kept; false: this leader is none any more */
  commit(commit: PipelinedCommit, images: RowImages): Promise<boolean>
  /** The leader's row. */
  row(): Promise<LeaderRow>
  /**
   * After a loss: connects anew and takes the lock again.
   *
   * @returns the row; undefined when another has the lock
   */
  regain(): Promise<LeaderRow | undefined>
  /** Says that this leader is done, and leaves. */
  leave(epoch: number): Promise<void>
  /** Leaves without a word. */
  break(): void
}

/** Who holds the lock, and since when. */
export interface Holder {
  readonly epoch: number
  readonly holder: string
}

/** What a new leader finds. */
export interface Claim {
  readonly row: LeaderRow
  /** Version of the schema that the database has; 0: nothing is in it. */
  readonly schemaVersion: number
  /** The leader before said that it was done. */
  readonly released: boolean
}

/** The database behind a connection of `pg`. */
export class PostgresDatabase implements LeaderDatabase {
  readonly #config: ClientConfig
  readonly #shapes: ReadonlyMap<string, TableShape>
  #connection: DatabaseConnection

  private constructor(
    config: ClientConfig,
    connection: DatabaseConnection,
    shapes: readonly TableShape[],
  ) {
    this.#config = config
    this.#connection = connection
    this.#shapes = new Map(shapes.map((shape) => [shape.name, shape]))
  }

  /** @param shapes - of the tables that commits write */
  static async open(
    config: ClientConfig,
    shapes: readonly TableShape[],
  ): Promise<PostgresDatabase> {
    return new PostgresDatabase(config, await DatabaseConnection.open(config), shapes)
  }

  get connection(): DatabaseConnection {
    return this.#connection
  }

  /** Takes the lock if nobody has it, and makes the leader's row. @returns who has it; undefined: this one */
  async lock(): Promise<Holder | undefined> {
    const isHeld = !(await this.#tryLock())
    const [made] = await this.#connection.rows(`SELECT to_regclass('${SCHEMA}.leader') IS NOT NULL`)
    if (!isHeld) {
      if (made?.[0] !== true) await this.#connection.run(LEADER_TABLE)
      return undefined
    }
    if (made?.[0] !== true) return { epoch: 0, holder: '' }
    const [row] = await this.#connection.rows(`SELECT epoch, holder FROM ${SCHEMA}.leader`)
    return { epoch: Number(row?.[0]), holder: String(row?.[1]) }
  }

  /** What the row says, for who has the lock and leads not yet. */
  async found(): Promise<Omit<Claim, 'row'>> {
    const [row] = await this.#connection.rows(
      `SELECT schema_version, released FROM ${SCHEMA}.leader`,
    )
    if (row === undefined) throw noRow()
    return { schemaVersion: Number(row[0]), released: row[1] === true }
  }

  /** Becomes the leader: whatever an older one still sends is refused from now on. */
  async claim(): Promise<LeaderRow> {
    const [row] = await this.#connection.rows(
      `UPDATE ${SCHEMA}.leader SET epoch = epoch + 1, turn = 0, released = false, holder = $1, ` +
        'since = now() RETURNING epoch, turn',
      [`${hostname()}, process ${process.pid}`],
    )
    return readRow(row)
  }

  async commit({ epoch, after, turn }: PipelinedCommit, images: RowImages): Promise<boolean> {
    const { name, text, values } = commitText(this.#shapes, images)
    const send = (): Promise<readonly unknown[]> =>
      this.#connection.rows(text, [epoch, after, turn, ...values], { name: `commit${name}` })
    if (!images.emptied) return (await send()).length > 0
    const leads = `SELECT 1 FROM ${SCHEMA}.leader WHERE epoch = $1 FOR UPDATE`
    await this.#connection.run('BEGIN')
    const isLeader = (await this.#connection.rows(leads, [epoch])).length > 0
    if (isLeader) {
      const empty = [...this.#shapes.keys()].map((table) => `DELETE FROM ${SCHEMA}.${table}`)
      await this.#connection.run(empty.join('; '), LONG_ANSWER_MS)
    }
    const isKept = isLeader && (await send()).length > 0
    await this.#connection.run(isKept ? 'COMMIT' : 'ROLLBACK')
    return isKept
  }

  async row(): Promise<LeaderRow> {
    const rows = await this.#connection.rows(`SELECT epoch, turn FROM ${SCHEMA}.leader`, [], {
      name: 'leader',
    })
    return readRow(rows[0])
  }

  async regain(): Promise<LeaderRow | undefined> {
    const former = this.#connection.processId
    this.#connection.break()
    this.#connection = await DatabaseConnection.open(this.#config)
    if (await this.#tryLock()) return this.row()
    // PostgreSQL may not know yet that the former connection is broken, and still work for it. The
    // number may be another's since: nobody but who holds the lock is ended.
    await this.#connection.rows(
      'SELECT pg_terminate_backend(pid) FROM pg_locks WHERE pid = $1 AND granted AND ' +
        "locktype = 'advisory' AND classid = 0 AND objid = $2 AND " +
        'database = (SELECT oid FROM pg_database WHERE datname = current_database())',
      [former, APPLICATION_ID],
    )
    if (await this.#tryLock()) return this.row()
    if (await this.#isHeldBy(former)) throw new Error('the former connection still has the lock')
    return undefined
  }

  async leave(epoch: number): Promise<void> {
    await this.#connection.rows(`UPDATE ${SCHEMA}.leader SET released = true WHERE epoch = $1`, [
      epoch,
    ])
    await this.#connection.close()
  }

  break(): void {
    this.#connection.break()
  }

  async #tryLock(): Promise<boolean> {
    const [row] = await this.#connection.rows('SELECT pg_try_advisory_lock($1)', [APPLICATION_ID])
    return row?.[0] === true
  }

  async #isHeldBy(processId: number): Promise<boolean> {
    const rows = await this.#connection.rows(
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = $1 AND objid = $2",
      [processId, APPLICATION_ID],
    )
    return rows.length > 0
  }
}

function readRow(row: readonly unknown[] | undefined): LeaderRow {
  if (row === undefined) throw noRow()
  return { epoch: Number(row[0]), turn: Number(row[1]) }
}

/** Somebody deleted it, or restored the tables without it: which turns are kept is not known then. */
function noRow(): DatabaseRefusal {
  return new DatabaseRefusal(
    `${SCHEMA}.leader has no row: restore the database whole, or drop the schema ${SCHEMA} to begin anew`,
  )
}
