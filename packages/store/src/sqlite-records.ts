/**
 * Records of the memory-resident parts (registry, broker) by kind and key.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** What registry and broker write through. */
export interface Records {
  put(kind: string, key: string, value: string | Uint8Array): void
  delete(kind: string, key: string): void
  /** All records of a kind, by key; text comes back as text and bytes as bytes. */
  load(kind: string): Iterable<{ readonly key: string; readonly value: string | Uint8Array }>
}

/** Records in one table. */
export class SqliteRecords implements Records {
  readonly #beforeWrite: () => void
  readonly #put: StatementSync
  readonly #delete: StatementSync
  readonly #load: StatementSync

  /** @param beforeWrite - opens the batch */
  constructor(database: DatabaseSync, beforeWrite: () => void) {
    this.#beforeWrite = beforeWrite
    this.#put = database.prepare(
      'INSERT INTO records (kind, key, value) VALUES (?, ?, ?) ' +
        'ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value',
    )
    this.#delete = database.prepare('DELETE FROM records WHERE kind = ? AND key = ?')
    this.#load = database.prepare('SELECT key, value FROM records WHERE kind = ? ORDER BY key')
  }

  put(kind: string, key: string, value: string | Uint8Array): void {
    this.#beforeWrite()
    this.#put.run(kind, key, value)
  }

  delete(kind: string, key: string): void {
    this.#beforeWrite()
    this.#delete.run(kind, key)
  }

  load(kind: string): Iterable<{ readonly key: string; readonly value: string | Uint8Array }> {
    return this.#load
      .all(kind)
      .map((row) => ({ key: String(row['key']), value: row['value'] as string | Uint8Array }))
  }
}
