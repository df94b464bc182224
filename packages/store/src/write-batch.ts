/**
 * The writes of one turn, all kept or none. A write that fails dooms its batch instead of throwing
 * at whoever wrote: rules change memory and write through, so an error in the middle would leave
 * memory ahead of the disk with nobody told. The commit fails then, and with it all that waits for it.
 */
import type { DatabaseSync } from 'node:sqlite'

/** Opens by itself with the first write. */
export class WriteBatch {
  readonly #database: DatabaseSync
  #open = false
  #fault: { readonly cause: unknown } | undefined
  #opened = (): void => {}

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Whether anything was written, or should have been, since the last commit. */
  get open(): boolean {
    return this.#open
  }

  /** Calls this with the first write of every batch from now on, whether it succeeds or fails. */
  onOpened(opened: () => void): void {
    this.#opened = opened
  }

  /** Opens the batch for something that will be written with the commit. */
  begin(): void {
    this.attempt(() => {})
  }

  /** Writes, or dooms the batch; a doomed one writes no more. */
  attempt(write: () => void): void {
    if (this.#fault !== undefined) return
    const opens = !this.#open
    try {
      if (opens) this.#database.exec('BEGIN IMMEDIATE')
      write()
    } catch (cause) {
      this.#fault = { cause }
    }
    this.#open = true
    if (opens) this.#opened()
  }

  /** Runs with all of its writes, or none when it throws; the throw goes on. */
  wholly<T>(run: () => T): T {
    this.attempt(() => this.#database.exec('SAVEPOINT wholly'))
    try {
      const done = run()
      this.attempt(() => this.#database.exec('RELEASE wholly'))
      return done
    } catch (cause) {
      this.attempt(() => this.#database.exec('ROLLBACK TO wholly; RELEASE wholly'))
      throw cause
    }
  }

  /** Makes everything durable. @throws what the first failed write, or the commit itself, threw */
  commit(): void {
    if (this.#fault !== undefined) throw this.#fault.cause
    this.#database.exec('COMMIT')
    this.#open = false
  }

  /** Forgets everything. */
  rollback(): void {
    // SQLite may have rolled back by itself, as it does when the disk is full.
    if (this.#open && this.#database.isTransaction) this.#database.exec('ROLLBACK')
    this.#open = false
    this.#fault = undefined
  }
}
