/** A core before it leads: it connects and takes the lock, however long another has it. */
import type { ClientConfig } from 'pg'
import { addressOf } from './database-address.ts'
import { DatabaseOutage } from './database-refusal.ts'
import type { Holder, PostgresDatabase } from './leader-database.ts'

/** Pauses between attempts to get the lock: a question that waits for it would keep rows from being cleaned. */
const LOCK_PAUSE_MS = 200

/** What a waiting core tells, and what ends its waiting. */
export interface StandbyOptions {
  readonly connection: ClientConfig
  readonly onWaiting?: (holder: Holder) => void
  readonly onAway?: (cause: unknown) => void
  readonly signal?: AbortSignal
}

export class Standby {
  readonly #options: StandbyOptions
  #waits = false
  #isAway = false

  constructor(options: StandbyOptions) {
    this.#options = options
  }

  /** Another core led when this one came: whatever is wrong with the database now, it was right then. */
  get waits(): boolean {
    return this.#waits
  }

  /** The database cannot be reached. */
  away(cause: unknown): void {
    if (this.#isAway) return
    this.#isAway = true
    this.#options.onAway?.(cause)
  }

  /**
   * Resolves with a connection that has the lock.
   *
   * @throws an Error when the database cannot be reached at first or refuses, or the waiting was ended
   */
  async untilLocked(open: () => Promise<PostgresDatabase>): Promise<PostgresDatabase> {
    const { connection, onWaiting, signal } = this.#options
    let database: PostgresDatabase | undefined
    for (;;) {
      if (signal?.aborted === true) {
        database?.break()
        throw new Error(`stopped while another core led ${addressOf(connection)}`)
      }
      try {
        database ??= await open()
        const holder = await database.lock()
        this.#isAway = false
        if (holder === undefined) return database
        if (!this.#waits) onWaiting?.(holder)
        this.#waits = true
      } catch (cause) {
        database?.break()
        database = undefined
        if (!this.#waits || !(cause instanceof DatabaseOutage)) {
          const why = cause instanceof Error ? cause.message : String(cause)
          throw new Error(`the database ${addressOf(connection)} cannot be used: ${why}`, { cause })
        }
        this.away(cause)
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS))
    }
  }
}
