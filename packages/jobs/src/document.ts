/**
 * Job documents: what is accepted, and what is filled in when (jobs J67, J103 to J107).
 */
import { accept, invalidRequest, type Outcome } from '@muster/model'
import type { JobConfig } from './job.ts'
import type { JobsContext } from './ports.ts'

/** Longest document (jobs J67). */
export const DOCUMENT_BYTES_MAX = 32_768
/** Most placeholders in one document (jobs J107). */
const SUBSTITUTIONS_MAX = 10

const PLACEHOLDER = /\$\{aws:iot:(s3-presigned-url|parameter|package):([^}]*)\}/g
const PRESIGNED_START = '${aws:iot:s3-presigned-url:'
const PRESIGNED = /\$\{aws:iot:s3-presigned-url:([^}]*)\}/g
const S3_URL =
  /^https:\/\/(?:s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com\/[a-z0-9][a-z0-9.-]+\/.+|[a-z0-9][a-z0-9.-]+\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com\/.+)$/

/**
 * Checks a document's size, syntax and placeholders.
 *
 * Fails with InvalidRequestException when it is longer than 32,768 bytes, is not a JSON object or
 * value, has more than ten placeholders, a presigned-URL placeholder without `roleArn` or for
 * something that is no S3 URL, or needs a package catalog, which this server does not hold.
 *
 * @param document - JSON text
 * @param roleArn - `presignedUrlConfig.roleArn`
 */
export function checkDocument(document: string, roleArn: string | undefined): Outcome<string> {
  const bytes = new TextEncoder().encode(document).byteLength
  if (bytes > DOCUMENT_BYTES_MAX) {
    return invalidRequest(`the job document has ${bytes} bytes, more than ${DOCUMENT_BYTES_MAX}`)
  }
  try {
    JSON.parse(document)
  } catch {
    return invalidRequest('the job document is not valid JSON')
  }
  const placeholders = [...document.matchAll(PLACEHOLDER)]
  if (placeholders.length > SUBSTITUTIONS_MAX) {
    return invalidRequest(
      `the job document has ${placeholders.length} substitutions, more than ${SUBSTITUTIONS_MAX}`,
    )
  }
  for (const [text, kind, rest = ''] of placeholders) {
    if (kind === 'package') {
      return invalidRequest(
        `\`${text}\` names a package version, and this server has no package catalog`,
      )
    }
    if (kind !== 's3-presigned-url') continue
    if (!S3_URL.test(rest)) return invalidRequest(`\`${rest}\` is not the URL of an S3 object`)
    if (roleArn === undefined) {
      return invalidRequest('a document with presigned URLs needs presignedUrlConfig.roleArn')
    }
  }
  return accept(document)
}

/**
 * Fills in the parameters of a managed template (jobs J105): the JSON-escaped value, or nothing
 * for an optional one left out.
 */
export function fillParameters(
  document: string,
  parameters: Readonly<Record<string, string>>,
): string {
  return document.replace(/\$\{aws:iot:parameter:([a-zA-Z0-9_-]+)\}/g, (_, key: string) =>
    JSON.stringify(parameters[key] ?? '').slice(1, -1),
  )
}

/** The document as a data-plane message carries it now: presigned URLs made fresh (jobs J103). */
export function deliveredDocument(ctx: JobsContext, config: JobConfig, nowMs: number): string {
  const { document } = config
  if (!document.includes(PRESIGNED_START)) return document
  const expiresInSec = config.presignedUrlConfig?.expiresInSec ?? 3600
  return document.replace(PRESIGNED, (_, url: string) =>
    JSON.stringify(ctx.presign(url, expiresInSec, nowMs)).slice(1, -1),
  )
}
