/**
 * `${aws:iot:package:P:version:V:…}` in job documents (jobs J106, neighbours N65 to N68): attributes
 * are filled in when the job is created, links to artifacts whenever a document is sent.
 */
import { accept, invalidRequest, type Outcome, type Refused } from '@muster/model'
import { compactJson } from './compact-json.ts'
import { NONE, unknownVersion, type Destination } from './package-versions.ts'
import { placeholdersOf } from './placeholders.ts'
import type { JobsContext } from './ports.ts'

/** What the placeholders of a document came to. */
export interface PackageDocument {
  /** With attributes filled in; the text that was given where there were none. */
  readonly document: string
  /** URLs of S3 objects by the placeholder that stands for a link to them. */
  readonly artifacts: Readonly<Record<string, string>>
}

const START = '${aws:iot:package:'
const PLACEHOLDER = /\$\{aws:iot:package:([^{}"]*)\}/g
const PARTS = /^([^:]*):version:([^:]*):(.*)$/s
const LINK = 'artifact-location:s3-presigned-url'
const ALL = 'attributes'

/** A placeholder as it stands in a compact document. */
interface Found {
  readonly start: number
  readonly end: number
  /** `P:version:V:attributes:K`. */
  readonly rest: string
  readonly isNested: boolean
}

/** A placeholder with the version that it means. */
interface Meant extends Found {
  readonly destination: Destination
  /** `attributes`, `attributes:K`, `artifact-location:s3-presigned-url`. */
  readonly what: string
}

/**
 * Fills in what is known when a job is created.
 *
 * InvalidRequestException for what cannot be resolved (neighbours N66, N67); a document that is none,
 * or has a placeholder without an end, is left to whoever checks it.
 *
 * @param roleArn - `presignedUrlConfig.roleArn`
 */
export function fillPackages(
  ctx: JobsContext,
  document: string,
  destinations: readonly Destination[],
  roleArn: string | undefined,
): Outcome<PackageDocument> {
  const untouched = accept({ document, artifacts: {} })
  const compact = document.includes('aws:iot:package') ? compactJson(document) : undefined
  if (compact === undefined || placeholdersOf(compact).isUnterminated) return untouched
  const artifacts: Record<string, string> = {}
  let text = ''
  let done = 0
  for (const found of packagePlaceholders(compact)) {
    const meant = versionMeant(ctx, found, destinations)
    if (!meant.ok) return meant
    const filled = filledIn(ctx, compact, meant.value, roleArn, artifacts)
    if (!filled.ok) return filled
    if (filled.value === undefined) continue
    text += compact.slice(done, filled.value.start) + filled.value.text
    done = filled.value.end
  }
  return done === 0 && Object.keys(artifacts).length === 0
    ? untouched
    : accept({ document: text + compact.slice(done), artifacts })
}

/** Whether a document has any of them, wherever it stands. */
export function hasPackages(document: string): boolean {
  return document.includes(START)
}

/** In order, those within others included; the innermost braces are a placeholder's own. */
function packagePlaceholders(compact: string): readonly Found[] {
  const outer = placeholdersOf(compact).placeholders
  return [...compact.matchAll(PLACEHOLDER)].map((match) => {
    const start = match.index
    const end = start + match[0].length
    const isNested = outer.some((one) => one.start < start && end < one.end)
    return { start, end, rest: match[1] ?? '', isNested }
  })
}

/** neighbours N66, N67. */
function versionMeant(
  ctx: JobsContext,
  found: Found,
  destinations: readonly Destination[],
): Outcome<Meant> {
  const [, packageName = '', version = '', what = ''] = PARTS.exec(found.rest) ?? []
  if ((packageName === '') !== (version === '')) {
    return invalidRequest('Empty package name and version name have to be used in pair.')
  }
  if (ctx.packages === undefined) return unknownVersion(found.rest)
  if (!isKnown(what))
    return invalidRequest(`Undefined placeholder, \${aws:iot:package:${found.rest}}`)
  const [only, ...others] = destinations
  if (version === '' && others.length > 0) {
    return invalidRequest(
      'Cannot resolve empty package name and version name given multiple elements in destination package versions.',
    )
  }
  const destination =
    version === ''
      ? only
      : destinations.find((one) => one.packageName === packageName && one.written === version)
  if (version === NONE || destination?.versionName === NONE) return noneNamed()
  if (destination !== undefined) return accept({ ...found, destination, what })
  return version === ''
    ? invalidRequest('Cannot resolve empty package name and version name without a destination.')
    : invalidRequest(
        `Package ${packageName} version ${version} is not among the destination package versions.`,
      )
}

function isKnown(what: string): boolean {
  return what === ALL || what === LINK || what.startsWith(`${ALL}:`)
}

function noneNamed(): Refused {
  return invalidRequest(
    '$null is not allowed to be referenced as a package version in job documents.',
  )
}

/** What takes a placeholder's place. */
interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** @returns undefined where the placeholder stays: a link is made whenever it is sent */
function filledIn(
  ctx: JobsContext,
  compact: string,
  { destination, end, isNested, rest, start, what }: Meant,
  roleArn: string | undefined,
  artifacts: Record<string, string>,
): Outcome<Replacement | undefined> {
  const { packageName, version, versionName } = destination
  const attributes = version?.attributes ?? {}
  if (what === LINK) {
    if (isNested) {
      return invalidRequest(
        '${aws:iot:package:[...]:artifact:s3-presigned-url} cannot be nested inside another placeholder.',
      )
    }
    const url = artifactUrl(ctx, destination)
    const which = `${packageName} version ${versionName}`
    if (url === undefined) {
      return invalidRequest(
        `Package ${which} does not have an associated artifact to generate an S3 presigned url.`,
      )
    }
    if (roleArn === undefined) {
      return invalidRequest(
        `presignedUrlConfig role ARN is required to generate an S3 presigned url in job document for package ${which} artifact.`,
      )
    }
    artifacts[rest] = url
    return accept(undefined)
  }
  if (what === ALL) {
    const isWhole = compact[start - 1] === '"' && compact[end] === '"' && compact[end + 1] !== ':'
    if (isWhole) return accept({ start: start - 1, end: end + 1, text: JSON.stringify(attributes) })
    return invalidRequest(
      'The package version attribute placeholder for all attributes has to be a json value by itself and not appended with other strings or nested with other placeholders.',
    )
  }
  const key = what.slice(ALL.length + 1)
  if (!Object.hasOwn(attributes, key)) {
    return invalidRequest(`Package ${packageName} version ${versionName} has no attribute ${key}.`)
  }
  const value = JSON.stringify(attributes[key]).slice(1, -1)
  return accept({ start, end, text: value })
}

/** As the newer placeholders carry it: percent-encoded, the object's version behind the key. */
function artifactUrl(
  { account: { region } }: JobsContext,
  { version }: Destination,
): string | undefined {
  const { bucket, key, version: versionId } = version?.artifact ?? {}
  if (bucket === undefined || key === undefined) return undefined
  const path = key.split('/').map(encodeURIComponent).join('/')
  const suffix = versionId === undefined ? '' : `%3FversionId%3D${encodeURIComponent(versionId)}`
  return `https://s3.${region}.amazonaws.com/${bucket}/${path}${suffix}`
}
