/**
 * Files in S3 as streams and OTA updates name them (neighbours N4).
 */
import type { S3Location } from '@aws-sdk/client-iot'
import { invalidRequest, type Outcome, accept } from '@muster/model'

/** Where a file lies. */
export interface S3File {
  readonly bucket: string
  readonly key: string
  /** Stored and shown (neighbours N4). */
  readonly version?: string
}

/** What a look at a file tells. */
export interface FileFacts {
  readonly bytes: number
  /** Changes with the file; any text. */
  readonly etag: string
  /** Whether the version that was named is there by itself; else the file as it is now is meant. */
  readonly isVersion?: boolean
}

/** Largest file of a stream, bytes (neighbours N77). */
export const FILE_BYTES_MAX = 25_165_824

/** Names of buckets that S3 ever gave, and of folders that stand for one. */
const BUCKET = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,255}$/

/**
 * Reads a location. InvalidRequestException where bucket or key is missing, or the bucket is none.
 *
 * @param of - whose location it is, for the message: `file 0`
 */
export function readLocation(location: S3Location | undefined, of: string): Outcome<S3File> {
  const { bucket, key, version } = location ?? {}
  if (bucket === undefined || key === undefined || key === '') {
    return invalidRequest(`s3Location of ${of} must have a bucket and a key`)
  }
  if (!BUCKET.test(bucket)) {
    return invalidRequest(`\`${bucket}\` in s3Location of ${of} is no name of a bucket`)
  }
  return accept({ bucket, key, ...(version !== undefined && { version }) })
}

/** `s3://bucket/key`, for messages. */
export function s3Name({ bucket, key }: S3File): string {
  return `s3://${bucket}/${key}`
}
