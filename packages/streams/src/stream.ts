import type { S3File } from './s3-file.ts'

/** A file of a stream. */
export interface StreamFile {
  /** 0 to 255, once in a stream. */
  readonly fileId: number
  readonly s3Location: S3File
  /** Of the file when the stream was made or last updated; absent where there was none. */
  readonly etag?: string
}

/** A stream: files that devices read block by block (neighbours N76 to N79). */
export interface Stream {
  readonly streamId: string
  readonly streamArn: string
  /** 1, and one more with every update (neighbours N78). */
  readonly streamVersion: number
  readonly description?: string
  readonly files: readonly StreamFile[]
  readonly roleArn: string
  /** Epoch milliseconds. */
  readonly createdAtMs: number
  readonly lastUpdatedAtMs: number
  /** The OTA update that made it, while that is there: it cannot be deleted meanwhile. */
  readonly otaUpdateId?: string
}
