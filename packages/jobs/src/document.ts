/**
 * Job documents: what is filled in when (jobs J103, J105, J129).
 */
import { compactJson } from './compact-json.ts'
import type { JobExecution } from './job-execution.ts'
import type { JobConfig } from './job.ts'
import { replacePlaceholders, type Placeholder } from './placeholders.ts'
import type { JobsContext } from './ports.ts'

const PRESIGNED_START = '${aws:iot:s3-presigned-url'
const PACKAGE_START = '${aws:iot:package:'
/** How long a link lives unless the job says otherwise (jobs J68). */
const EXPIRES_DEFAULT_SEC = 3600

/**
 * Fills in the parameters of a managed template (jobs J105): the JSON-escaped value, or nothing
 * for an optional one left out.
 */
export function fillParameters(
  document: string,
  parameters: Readonly<Record<string, string>>,
): string {
  return replacePlaceholders(document, ({ kind, rest }) =>
    kind === 'parameter' ? inJson(parameters[rest] ?? '') : undefined,
  )
}

const compact = new WeakMap<JobConfig, string>()

/**
 * The document as a data-plane message carries it now: written anew, with fresh links (jobs J103,
 * J129).
 */
export function deliveredDocument(
  ctx: JobsContext,
  config: JobConfig,
  execution: JobExecution,
  nowMs: number,
): string {
  const document = compact.get(config) ?? compactJson(config.document) ?? config.document
  compact.set(config, document)
  const hasLinks = document.includes(PRESIGNED_START) || document.includes(PACKAGE_START)
  if (!hasLinks) return document
  const expiresInSec = config.presignedUrlConfig?.expiresInSec ?? EXPIRES_DEFAULT_SEC
  return replacePlaceholders(document, (placeholder) => {
    const object = linkedObject(ctx, config, placeholder, execution)
    return object && inJson(ctx.presign(object.method, object.url, expiresInSec, nowMs))
  })
}

interface LinkedObject {
  readonly method: 'GET' | 'PUT'
  readonly url: string
}

function linkedObject(
  ctx: JobsContext,
  { packageArtifacts = {} }: JobConfig,
  { kind, rest }: Placeholder,
  execution: JobExecution,
): LinkedObject | undefined {
  switch (kind) {
    case 's3-presigned-url':
    case 's3-presigned-url-v1':
    case 's3-presigned-url-v2':
      return { method: 'GET', url: rest }
    case 'package': {
      const url = Object.hasOwn(packageArtifacts, rest) ? packageArtifacts[rest] : undefined
      return url === undefined ? undefined : { method: 'GET', url }
    }
    case 's3-presigned-url-upload':
      return { method: 'PUT', url: uploadUrl(ctx, rest, execution) }
    default:
      return undefined
  }
}

/** Without bucket and key the service makes a key of its own (jobs J129). */
function uploadUrl(ctx: JobsContext, url: string, execution: JobExecution): string {
  const { thingName, jobId, executionNumber } = execution
  if (url === '') {
    const { region } = ctx.account
    const key = `${thingName}/${jobId}/${executionNumber}`
    return `https://s3.${region}.amazonaws.com/${ctx.limits.uploadBucket}/${key}`
  }
  const names: Readonly<Record<string, string | number>> = { thingName, jobId, executionNumber }
  return url.replace(/\$\{(\w+)\}/g, (text, name: string) => String(names[name] ?? text))
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
