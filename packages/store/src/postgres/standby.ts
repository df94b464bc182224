/** A core before it leads: it connects and takes the lock, however long another has it. */
import type { ClientConfig } from 'pg'
import { reasonOf } from '../sqlite-store.ts'
import { addressOf, cannotBeUsed } from './database-address.ts'
import { DatabaseOutage } from './database-refusal.ts'
import type { Holder, PostgresDatabase } from './leader-database.ts'

/** Pauses between attempts to get the lock, or to lead with it: a question that waits for it would keep rows from being cleaned. */
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
  #awayWhy: string | undefined

  constructor(options: StandbyOptions) {
    this.#options = options
  }

  /** Another core led when this one came: whatever is wrong with the database now, it was right then. */
  get waits(): boolean {
    return this.#waits
  }

  /** The database cannot be reached, or gives the lock and then does not what is asked: waited for, and told once a reason. */
  async away(cause: unknown): Promise<void> {
    const why = reasonOf(cause)
    if (why !== this.#awayWhy) this.#options.onAway?.(cause)
    this.#awayWhy = why
    await pause()
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
        if (holder === undefined) return database
        this.#awayWhy = undefined
        if (!this.#waits) onWaiting?.(holder)
        this.#waits = true
        await pause()
      } catch (cause) {
        database?.break()
        database = undefined
        if (!this.#waits || !(cause instanceof DatabaseOutage)) {
          throw cannotBeUsed(connection, cause)
        }
        await this.away(cause)
      }
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS))
}
