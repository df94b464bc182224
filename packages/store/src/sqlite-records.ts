/**
 * Records of the memory-resident parts (registry, broker) by kind and key.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { WriteBatch } from './write-batch.ts'

/** What registry and broker write through. */
export interface Records {
  put(kind: string, key: string, value: string | Uint8Array): void
  delete(kind: string, key: string): void
  /** One record, read from the disk; undefined when there is none. */
  get(kind: string, key: string): string | Uint8Array | undefined
  /**
   * All records of a kind, by key, read as they are asked for; text comes back as text and bytes as
   * bytes. Those of this kind may not be changed meanwhile.
   */
  load(kind: string): Iterable<{ readonly key: string; readonly value: string | Uint8Array }>
}

/** Records in one table. */
export class SqliteRecords implements Records {
  readonly #batch: WriteBatch
  readonly #put: StatementSync
  readonly #delete: StatementSync
  readonly #get: StatementSync
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync, batch: WriteBatch) {
    this.#batch = batch
    this.#database = database
    this.#put = database.prepare(
      'INSERT INTO records (kind, key, value) VALUES (?, ?, ?) ' +
        'ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value',
    )
    this.#delete = database.prepare('DELETE FROM records WHERE kind = ? AND key = ?')
    this.#get = database.prepare('SELECT value FROM records WHERE kind = ? AND key = ?')
  }

  put(kind: string, key: string, value: string | Uint8Array): void {
    this.#batch.attempt(() => this.#put.run(kind, key, value))
  }

  delete(kind: string, key: string): void {
    this.#batch.attempt(() => this.#delete.run(kind, key))
  }

  get(kind: string, key: string): string | Uint8Array | undefined {
    return this.#get.get(kind, key)?.['value'] as string | Uint8Array | undefined
  }

  *load(
    kind: string,
  ): Generator<{ readonly key: string; readonly value: string | Uint8Array }, void, void> {
    const text = 'SELECT key, value FROM records WHERE kind = ? ORDER BY key'
    for (const row of this.#database.prepare(text).iterate(kind)) {
      yield { key: String(row['key']), value: row['value'] as string | Uint8Array }
    }
  }
}
