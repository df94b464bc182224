/**
 * Shadows in one table: millions of them cost no memory, and a restart reads none.
 */
import type { KeptShadow, ShadowState } from '@muster/shadow'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { WriteBatch } from './write-batch.ts'

/** Shadows by thing and name. */
export class SqliteShadows implements ShadowState {
  readonly #batch: WriteBatch
  readonly #get: StatementSync
  readonly #put: StatementSync
  readonly #names: StatementSync
  readonly #forget: StatementSync

  constructor(database: DatabaseSync, batch: WriteBatch) {
    this.#batch = batch
    this.#get = database.prepare(
      'SELECT version, deleted_ms, state, metadata, delta FROM shadows ' +
        'WHERE thing_name = ? AND shadow_name = ?',
    )
    this.#put = database.prepare(
      'INSERT INTO shadows (thing_name, shadow_name, version, deleted_ms, state, metadata, delta) ' +
        'VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (thing_name, shadow_name) DO UPDATE SET ' +
        'version = excluded.version, deleted_ms = excluded.deleted_ms, state = excluded.state, ' +
        'metadata = excluded.metadata, delta = excluded.delta',
    )
    this.#names = database.prepare(
      'SELECT shadow_name FROM shadows WHERE thing_name = ? AND shadow_name > ? ' +
        'AND deleted_ms IS NULL ORDER BY shadow_name LIMIT ?',
    )
    this.#forget = database.prepare('DELETE FROM shadows WHERE deleted_ms <= ?')
  }

  get(thingName: string, shadowName: string): KeptShadow | undefined {
    const row = this.#get.get(thingName, shadowName)
    if (row === undefined) return undefined
    const version = Number(row['version'])
    const { deleted_ms: deletedMs, state, metadata, delta } = row
    if (deletedMs !== null) return { version, deletedAtMs: Number(deletedMs) }
    return {
      version,
      state: String(state),
      metadata: String(metadata),
      delta: delta === null ? undefined : String(delta),
    }
  }

  put(thingName: string, shadowName: string, shadow: KeptShadow): void {
    const { version } = shadow
    this.#batch.attempt(() => {
      if ('deletedAtMs' in shadow) {
        this.#put.run(thingName, shadowName, version, shadow.deletedAtMs, null, null, null)
        return
      }
      const { state, metadata, delta = null } = shadow
      this.#put.run(thingName, shadowName, version, null, state, metadata, delta)
    })
  }

  names(thingName: string, after: string, limit: number): readonly string[] {
    return this.#names.all(thingName, after, limit).map((row) => String(row['shadow_name']))
  }

  forgetDeleted(untilMs: number): void {
    this.#batch.attempt(() => this.#forget.run(untilMs))
  }
}
