/** Names of S3 objects. */

/** Bucket and raw key in an S3 URL, path or host form. */
export function s3Object(url: string): { bucket: string; key: string } | undefined {
  const path = /^https:\/\/s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com\/([^/?#]+)\/([^?#]+)$/.exec(url)
  const host = /^https:\/\/([a-z0-9.-]+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com\/([^?#]+)$/.exec(
    url,
  )
  const [, bucket, key] = path ?? host ?? []
  return bucket === undefined || key === undefined ? undefined : { bucket, key }
}
