/**
 * One connection to PostgreSQL, for a leader or who wants to be one: what is asked there has an answer
 * within a bound, or the connection is broken.
 */
import { Socket } from 'node:net'
import { Client, DatabaseError, type ClientConfig, type QueryResult } from 'pg'
import { reasonOf } from '../sqlite-store.ts'
import { DatabaseOutage, DatabaseRefusal } from './database-refusal.ts'
import { SCHEMA } from './database-schema.ts'

/** How long a question may stay unanswered, and how long connecting may take. */
const ANSWER_MS = 15_000
/** What reads or writes everything may take. */
export const LONG_ANSWER_MS = 3_600_000

/**
 * The planner is told to use indexes alone: a plan that was made while a table was small would read all
 * of it when it is large. That nobody is at the other end is noticed within seconds, or a dead leader's
 * lock would outlive it. A commit that is told of is on the disk, whatever the server's own setting says.
 */
const SESSION = `
SET search_path TO ${SCHEMA}, pg_catalog;
SET default_transaction_isolation TO 'read committed';
SET statement_timeout TO 0;
SET lock_timeout TO 0;
SET idle_in_transaction_session_timeout TO 0;
SET enable_seqscan TO off;
SET enable_hashjoin TO off;
SET enable_mergejoin TO off;
SET jit TO off;
SET tcp_keepalives_idle TO 3;
SET tcp_keepalives_interval TO 1;
SET tcp_keepalives_count TO 3;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
`

/** Encodings that keep every text as it is: the second takes bytes for what they are. */
const ENCODINGS = ['UTF8', 'SQL_ASCII']

/** An open connection. */
export class DatabaseConnection {
  readonly #client: Client
  readonly #socket: Socket
  /** PostgreSQL's number of the process that serves it. */
  readonly processId: number

  private constructor(client: Client, socket: Socket, processId: number) {
    this.#client = client
    this.#socket = socket
    this.processId = processId
  }

  /**
   * Connects.
   *
   * @throws DatabaseRefusal for a user, a password or a database that is wrong, or its encoding; DatabaseOutage
   *   otherwise
   */
  static async open(config: ClientConfig): Promise<DatabaseConnection> {
    const socket = new Socket()
    const client = new Client({
      ...config,
      stream: () => socket,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      application_name: 'muster core',
    })
    // Told again by whatever is asked next.
    client.on('error', () => socket.destroy())
    try {
      await client.connect()
      await client.query(SESSION)
      const { rows } = await client.query<[number, string]>({
        text: "SELECT pg_backend_pid(), current_setting('server_encoding')",
        rowMode: 'array',
      })
      const [processId, encoding = ''] = rows[0] ?? []
      if (!ENCODINGS.includes(encoding)) {
        throw new DatabaseRefusal(
          `its encoding is ${encoding}: expected UTF8, which keeps every text`,
        )
      }
      return new DatabaseConnection(client, socket, Number(processId))
    } catch (cause) {
      socket.destroy()
      throw told(cause)
    }
  }

  /** Rows as arrays. @param name - of a statement that is prepared once */
  async rows(
    text: string,
    values: readonly unknown[] = [],
    { name, answerMs = ANSWER_MS }: { readonly name?: string; readonly answerMs?: number } = {},
  ): Promise<readonly (readonly unknown[])[]> {
    const timer = setTimeout(() => this.#socket.destroy(), answerMs)
    try {
      const query = { text, values: [...values], rowMode: 'array' as const }
      const result: QueryResult<unknown[]> = await this.#client.query(
        name === undefined ? query : { ...query, name },
      )
      return result.rows
    } catch (cause) {
      throw told(cause)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Runs statements without values. */
  async run(text: string, answerMs: number = ANSWER_MS): Promise<void> {
    const timer = setTimeout(() => this.#socket.destroy(), answerMs)
    try {
      await this.#client.query(text)
    } catch (cause) {
      throw told(cause)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Breaks the connection. */
  break(): void {
    this.#socket.destroy()
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.#socket.destroy(), ANSWER_MS)
    try {
      await this.#client.end()
    } catch {
      // It is broken already.
    } finally {
      clearTimeout(timer)
      this.#socket.destroy()
    }
  }
}

/** Classes of SQLSTATE that say the same tomorrow: bad data, constraints, names, authorization. */
const FINAL_CLASSES = ['22', '23', '28', '3D', '42']

function told(cause: unknown): Error {
  if (cause instanceof DatabaseRefusal) return cause
  const isFinal =
    cause instanceof DatabaseError && FINAL_CLASSES.includes(cause.code?.slice(0, 2) ?? '')
  const why = reasonOf(cause)
  return isFinal ? new DatabaseRefusal(why, { cause }) : new DatabaseOutage(why, { cause })
}
