/**
 * The port that a store implements. Synchronous; what was put is what a later call reads.
 */
import type { OTAUpdateStatus } from '@aws-sdk/client-iot'
import type { OtaUpdate } from './ota-update.ts'
import type { Stream } from './stream.ts'

/** A place in a list by time of creation. */
export interface ListPosition {
  readonly createdAtMs: number
  /** Of the stream or update. */
  readonly id: string
}

/** Streams and OTA updates. */
export interface StreamsState {
  stream(streamId: string): Stream | undefined
  /** In place of one of the same id. */
  putStream(stream: Stream): void
  deleteStream(streamId: string): void
  countStreams(): number
  /** In order of creation, or the newest first; ties by id. */
  streams(ascending: boolean, after: ListPosition | undefined, limit: number): readonly Stream[]
  otaUpdate(otaUpdateId: string): OtaUpdate | undefined
  /** In place of one of the same id. */
  putOtaUpdate(update: OtaUpdate): void
  deleteOtaUpdate(otaUpdateId: string): void
  /** The newest first; ties by id. */
  otaUpdates(
    status: OTAUpdateStatus | undefined,
    after: ListPosition | undefined,
    limit: number,
  ): readonly OtaUpdate[]
}
