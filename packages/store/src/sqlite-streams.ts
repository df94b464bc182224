/**
 * Streams and OTA updates: a row each, with what lists are ordered and filtered by beside the record.
 */
import type { ListPosition, OtaUpdate, Stream, StreamsState } from '@muster/streams'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { WriteBatch } from './write-batch.ts'

/** Before and after everything. */
const FIRST: ListPosition = { createdAtMs: -1, id: '' }
const LAST: ListPosition = { createdAtMs: Number.MAX_SAFE_INTEGER, id: '' }

/** Streams and updates by id. */
export class SqliteStreams implements StreamsState {
  readonly #batch: WriteBatch
  readonly #stream: StatementSync
  readonly #putStream: StatementSync
  readonly #deleteStream: StatementSync
  readonly #countStreams: StatementSync
  readonly #oldest: StatementSync
  readonly #newest: StatementSync
  readonly #update: StatementSync
  readonly #putUpdate: StatementSync
  readonly #deleteUpdate: StatementSync
  readonly #updates: StatementSync
  readonly #updatesOfStatus: StatementSync

  constructor(database: DatabaseSync, batch: WriteBatch) {
    this.#batch = batch
    this.#stream = database.prepare('SELECT stream FROM streams WHERE stream_id = ?')
    this.#putStream = database.prepare(
      'INSERT INTO streams (stream_id, created_ms, stream) VALUES (?, ?, ?) ' +
        'ON CONFLICT (stream_id) DO UPDATE SET created_ms = excluded.created_ms, ' +
        'stream = excluded.stream',
    )
    this.#deleteStream = database.prepare('DELETE FROM streams WHERE stream_id = ?')
    this.#countStreams = database.prepare('SELECT count(*) AS count FROM streams')
    this.#oldest = database.prepare(
      'SELECT stream FROM streams WHERE (created_ms, stream_id) > (?, ?) ' +
        'ORDER BY created_ms, stream_id LIMIT ?',
    )
    this.#newest = database.prepare(
      'SELECT stream FROM streams WHERE (created_ms, stream_id) < (?, ?) ' +
        'ORDER BY created_ms DESC, stream_id DESC LIMIT ?',
    )
    this.#update = database.prepare('SELECT ota_update FROM ota_updates WHERE ota_update_id = ?')
    this.#putUpdate = database.prepare(
      'INSERT INTO ota_updates (ota_update_id, created_ms, status, ota_update) ' +
        'VALUES (?, ?, ?, ?) ON CONFLICT (ota_update_id) DO UPDATE SET ' +
        'created_ms = excluded.created_ms, status = excluded.status, ' +
        'ota_update = excluded.ota_update',
    )
    this.#deleteUpdate = database.prepare('DELETE FROM ota_updates WHERE ota_update_id = ?')
    this.#updates = database.prepare(
      'SELECT ota_update FROM ota_updates WHERE (created_ms, ota_update_id) < (?, ?) ' +
        'ORDER BY created_ms DESC, ota_update_id DESC LIMIT ?',
    )
    this.#updatesOfStatus = database.prepare(
      'SELECT ota_update FROM ota_updates WHERE status = ? AND (created_ms, ota_update_id) < (?, ?) ' +
        'ORDER BY created_ms DESC, ota_update_id DESC LIMIT ?',
    )
  }

  stream(streamId: string): Stream | undefined {
    const row = this.#stream.get(streamId)
    return row && asStream(row)
  }

  putStream(stream: Stream): void {
    const { createdAtMs, streamId } = stream
    this.#batch.attempt(() => this.#putStream.run(streamId, createdAtMs, JSON.stringify(stream)))
  }

  deleteStream(streamId: string): void {
    this.#batch.attempt(() => this.#deleteStream.run(streamId))
  }

  countStreams(): number {
    return Number(this.#countStreams.get()?.['count'])
  }

  streams(ascending: boolean, after: ListPosition | undefined, limit: number): readonly Stream[] {
    const { createdAtMs, id } = after ?? (ascending ? FIRST : LAST)
    const list = ascending ? this.#oldest : this.#newest
    return list.all(createdAtMs, id, limit).map(asStream)
  }

  otaUpdate(otaUpdateId: string): OtaUpdate | undefined {
    const row = this.#update.get(otaUpdateId)
    return row && asUpdate(row)
  }

  putOtaUpdate(update: OtaUpdate): void {
    const { createdAtMs, otaUpdateId, status } = update
    this.#batch.attempt(() =>
      this.#putUpdate.run(otaUpdateId, createdAtMs, status, JSON.stringify(update)),
    )
  }

  deleteOtaUpdate(otaUpdateId: string): void {
    this.#batch.attempt(() => this.#deleteUpdate.run(otaUpdateId))
  }

  otaUpdates(
    status: OtaUpdate['status'] | undefined,
    after: ListPosition | undefined,
    limit: number,
  ): readonly OtaUpdate[] {
    const { createdAtMs, id } = after ?? LAST
    const rows =
      status === undefined
        ? this.#updates.all(createdAtMs, id, limit)
        : this.#updatesOfStatus.all(status, createdAtMs, id, limit)
    return rows.map(asUpdate)
  }
}

type Row = Readonly<Record<string, unknown>>

function asStream(row: Row): Stream {
  return JSON.parse(String(row['stream'])) as Stream
}

function asUpdate(row: Row): OtaUpdate {
  return JSON.parse(String(row['ota_update'])) as OtaUpdate
}
