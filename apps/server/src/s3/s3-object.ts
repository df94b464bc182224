/** Names of S3 objects (jobs J103). */

/** An object of S3, or of the folder that stands for it. */
export interface S3Object {
  readonly bucket: string
  /** Decoded. */
  readonly key: string
  /** Absent: the newest one. */
  readonly versionId?: string
}

const DOMAIN = String.raw`(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?`
const BUCKET = '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]'
const PATH_STYLE = new RegExp(`^https?://s3${DOMAIN}/([^/?#%]+)/([^#]+)$`)
const HOST_STYLE = new RegExp(`^https?://(${BUCKET})\\.s3${DOMAIN}/([^#]+)$`)
/** The other way to name an object; its key stands as it is. */
const URI = new RegExp(`^s3://(${BUCKET})/(.+)$`, 's')
const BUCKET_ALONE = new RegExp(`^(?:https?://s3${DOMAIN}/|s3://)${BUCKET}/?$`)
/** The only query that a link may have; placeholders of the second kind escape it with the key. */
const VERSION = /^(.+?)(?:\?|%3F)versionId(?:=|%3D)([^?&%=]+)$/i

/**
 * The object of an S3 URL, path-style, virtual-hosted or `s3://bucket/key`; the key as it stands where it is badly
 * escaped, for placeholders of the older kind escape nothing.
 *
 * @returns undefined for any other URL
 */
export function s3Object(url: string): S3Object | undefined {
  const [, ofUri, keyOfUri] = URI.exec(url) ?? []
  if (ofUri !== undefined && keyOfUri !== undefined) return { bucket: ofUri, key: keyOfUri }
  const [, bucket, rest] = PATH_STYLE.exec(url) ?? HOST_STYLE.exec(url) ?? []
  if (bucket === undefined || rest === undefined) return undefined
  const [, versioned, versionId] = VERSION.exec(rest) ?? []
  const raw = versioned ?? rest
  if (raw.includes('?')) return undefined
  return { bucket, key: decoded(raw), ...(versionId !== undefined && { versionId }) }
}

/** Whether a URL names a bucket of S3, and no object in it. */
export function isBucketAlone(url: string): boolean {
  return BUCKET_ALONE.test(url)
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}

/**
 * Where an object lies in the folder that stands for S3: `BUCKET/KEY`, and other versions of it in
 * `.versions/BUCKET/KEY/VERSION`, which no bucket can be called. S3 calls the one version of what has
 * none `null`.
 */
export function s3Path({ bucket, key, versionId = 'null' }: S3Object): string | undefined {
  if (versionId === 'null') return `${bucket}/${key}`
  return /^[\w~-][\w.~-]*$/.test(versionId) ? `.versions/${bucket}/${key}/${versionId}` : undefined
}
