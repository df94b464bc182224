/**
 * URLs of S3 objects in placeholders (jobs J103, J129).
 */

/** Bucket and key as they are written; the key is absent when nothing follows the bucket. */
export interface S3Url {
  readonly bucket: string
  readonly key?: string
}

const DOMAIN = String.raw`(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?`
const PATH_STYLE = new RegExp(`^https://s3${DOMAIN}/([^/?#]+)(?:/([^?#]+))?/?$`)
const HOST_STYLE = new RegExp(`^https://([^/?#]+)\\.s3${DOMAIN}(?:/([^?#]+))?/?$`)
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

const URI = /^s3:\/\/([^/?#]+)(?:\/(.+))?\/?$/

/** @returns undefined for what is no URL of S3: path-style, virtual-hosted, or `s3://bucket/key` */
export function parseS3Url(url: string): S3Url | undefined {
  const [, bucket, key] = PATH_STYLE.exec(url) ?? HOST_STYLE.exec(url) ?? URI.exec(url) ?? []
  if (bucket === undefined) return undefined
  return key === undefined ? { bucket } : { bucket, key }
}

/** Whether a bucket can have this name. */
export function isBucketName(bucket: string): boolean {
  return BUCKET.test(bucket)
}
