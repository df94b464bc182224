/**
 * What AWS refuses of a job document at creation (jobs J67, J103, J106, J107, J129 to J131).
 */
import { invalidRequest, refuse, type Refused } from '@muster/model'
import { compactJson } from './compact-json.ts'
import { LOCAL_NAMES, placeholdersOf, type Placeholder } from './placeholders.ts'
import { isBucketName, parseS3Url } from './s3-url.ts'

/** Longest document (jobs J67). */
const DOCUMENT_BYTES_MAX = 32_768
/** Most placeholders in one document (jobs J107). */
const SUBSTITUTIONS_MAX = 10
/** How often one name may stand in an upload's key (jobs J129). */
const LOCAL_OCCURRENCES_MAX = 2

/** How messages name a document that came with the request. */
export const REQUEST_INPUT = 'request input'

/** What a document belongs to. */
export interface DocumentUse {
  /** Of the job or template. */
  readonly id: string
  /** `presignedUrlConfig.roleArn`. */
  readonly roleArn: string | undefined
  /** Its source, or {@link REQUEST_INPUT}. */
  readonly where: string
  /** Written by a service, not a user: its placeholders are as they should be, however many. */
  readonly byService?: boolean
}

/**
 * Refuses a document that is too long, no JSON, too deep, or has placeholders that cannot be filled:
 * with InvalidRequestException, or LimitExceededException for the size of a source. Placeholders of
 * packages are {@link fillPackages}'s to check.
 */
export function checkDocument(document: string, use: DocumentUse): Refused | undefined {
  const unfit = checkShape(document, use)
  if (unfit !== undefined || use.byService === true) return unfit
  const { placeholders } = placeholdersOf(compactJson(document) ?? '')
  const refused = checkRole(placeholders, use)
  if (refused !== undefined) return refused
  for (const placeholder of placeholders) {
    const problem = checkPlaceholder(placeholder)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** As {@link checkDocument}, without a look into its placeholders: they may hold others. */
export function checkShape(
  document: string,
  { byService = false, where }: DocumentUse,
): Refused | undefined {
  const bytes = new TextEncoder().encode(document).byteLength
  if (bytes > DOCUMENT_BYTES_MAX) {
    if (where === REQUEST_INPUT) {
      return invalidRequest(`the job document has ${bytes} bytes, more than ${DOCUMENT_BYTES_MAX}`)
    }
    const message = `Job document from ${where} exceeds size limit ${DOCUMENT_BYTES_MAX} bytes.`
    return refuse('LimitExceededException', message)
  }
  const compact = compactJson(document)
  if (compact === undefined) {
    return invalidRequest(`Job document located at ${where} is an invalid JSON document.`)
  }
  if (byService) return undefined
  const { placeholders, strayed, isUnterminated } = placeholdersOf(compact)
  if (isUnterminated) {
    return invalidRequest('One or more parameters or placeholders are not terminated.')
  }
  const [stray] = strayed
  if (stray !== undefined) return strayedLocal(stray)
  if (placeholders.length <= SUBSTITUTIONS_MAX) return undefined
  return invalidRequest(
    `the job document has ${placeholders.length} substitutions, more than ${SUBSTITUTIONS_MAX}`,
  )
}

/** A request with a document and a source (jobs J67, J123). */
export function twoDocuments(): Refused {
  return invalidRequest(
    'Job document and job document source cannot be specified at the same time.',
  )
}

/** A request with neither (jobs J67, J123). */
export function noDocument(): Refused {
  return invalidRequest('Neither job document nor job document source is specified.')
}

const DOWNLOADS: ReadonlySet<string> = new Set([
  's3-presigned-url',
  's3-presigned-url-v1',
  's3-presigned-url-v2',
])
const UPLOAD = 's3-presigned-url-upload'

/** The older form and the newer ones word it differently; the older is looked for first. */
function checkRole(placeholders: readonly Placeholder[], use: DocumentUse): Refused | undefined {
  if (use.roleArn !== undefined) return undefined
  const kinds = new Set(placeholders.map(({ kind }) => kind))
  if (kinds.has('s3-presigned-url') || kinds.has('s3-presigned-url-v1')) {
    return invalidRequest(
      `Role must be provided for pre-sign S3 urls in job document of job ${use.id}.`,
    )
  }
  if (!kinds.has('s3-presigned-url-v2') && !kinds.has(UPLOAD)) return undefined
  return invalidRequest(
    'presignedUrlConfig role ARN is required to generate an S3 presigned url in job document.',
  )
}

function checkPlaceholder({ kind, rest }: Placeholder): Refused | undefined {
  if (kind === UPLOAD) return rest === '' ? undefined : checkUpload(rest)
  if (!DOWNLOADS.has(kind)) return undefined
  const [local] = /\$\{[^}]*\}/.exec(rest) ?? []
  if (local !== undefined) return strayedLocal(local)
  // A link of the second form is percent-encoded (jobs J103).
  return checkS3Url(rest, kind !== 's3-presigned-url-v2' || /^[!-~]+$/.test(rest))
}

function checkS3Url(url: string, isWellWritten: boolean): Refused | undefined {
  const object = isWellWritten ? parseS3Url(url) : undefined
  if (object === undefined) return invalidRequest(`Given S3 url ${url} is invalid.`)
  if (!isBucketName(object.bucket)) return invalidRequest('Given S3 bucket name is invalid.')
  if (object.key !== undefined) return undefined
  return invalidRequest(`Provided S3 url is not valid: ${url}. Error: Key cannot be null`)
}

/** jobs J129, J130. */
function checkUpload(url: string): Refused | undefined {
  const names = [...url.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name)
  const undefinedName = names.find((name) => !LOCAL_NAMES.some((known) => known === name))
  if (undefinedName !== undefined) {
    return invalidRequest(
      `Undefined placeholder, \${${undefinedName}}, inside of presign url upload parameter`,
    )
  }
  if (parseS3Url(url)?.bucket.includes('${') === true) {
    return invalidRequest(
      'S3 bucket name in presigned url upload is not allowed to contain any placeholders',
    )
  }
  for (const name of LOCAL_NAMES) {
    if (names.filter((one) => one === name).length > LOCAL_OCCURRENCES_MAX) {
      return invalidRequest(
        `The occurrence of local placeholder \${${name}} within S3 presigned url upload ` +
          `placeholder exceeds limit of ${LOCAL_OCCURRENCES_MAX}.`,
      )
    }
  }
  return checkS3Url(url, true)
}

function strayedLocal(placeholder: string): Refused {
  return invalidRequest(
    `Local placeholder, ${placeholder}, is only valid inside of presign url upload`,
  )
}
