/** Versions of packages (neighbours N54 to N58, N60). */
import type {
  CreatePackageVersionRequest,
  CreatePackageVersionResponse,
  DeletePackageVersionRequest,
  GetPackageVersionRequest,
  GetPackageVersionResponse,
  ListPackageVersionsRequest,
  ListPackageVersionsResponse,
  PackageVersionArtifact,
  UpdatePackageVersionRequest,
} from '@aws-sdk/client-iot'
import { accept, present, type Outcome, type Refused } from '@muster/model'
import { packageVersionArn } from './arns.ts'
import type { CatalogContext } from './catalog-ports.ts'
import type { Artifact, PackageVersionRecord, PackageVersionStatus } from './catalog-state.ts'
import { isRepeated, tokenUse } from './idempotency.ts'
import type { Empty } from './packages.ts'
import { pageOf } from './page.ts'
import {
  invalid,
  noPackageForVersion,
  noVersion,
  tooMany,
  versionTaken,
  wrongStatus,
} from './refusals.ts'
import { tagsFault } from './tags-fault.ts'

/**
 * A new version is a DRAFT.
 *
 * ValidationException for an unknown package and attributes above their size, ConflictException for
 * a name in use, ServiceQuotaExceededException past the quota.
 */
export function createPackageVersion(
  ctx: CatalogContext,
  input: CreatePackageVersionRequest,
  nowMs: number,
): Outcome<CreatePackageVersionResponse> {
  const { packageName = '', versionName = '', attributes = {}, description, tags } = input
  const created = tokenUse(input)
  const arn = packageVersionArn(ctx.account, packageName, versionName)
  const status: PackageVersionStatus = 'DRAFT'
  const answer = {
    packageVersionArn: arn,
    packageName,
    versionName,
    description,
    attributes,
    status,
  }
  if (ctx.state.package(packageName) === undefined) return noPackageForVersion(packageName)
  const existing = ctx.state.version(packageName, versionName)
  if (existing !== undefined) {
    const repeated = isRepeated(existing.created, created)
    return repeated ? accept(answer) : versionTaken(packageName, versionName)
  }
  const tagged = tagsFault(ctx, tags)
  if (tagged !== undefined) return tagged
  const { versionsMax } = ctx.limits
  if (ctx.state.countVersions() >= versionsMax) return tooMany('package versions', versionsMax)
  const refused = attributesFault(ctx, attributes)
  if (refused !== undefined) return refused
  ctx.state.putVersion({
    packageName,
    versionName,
    ...present({ description, artifact: artifactOf(input.artifact), recipe: input.recipe }),
    attributes,
    status,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    created,
  })
  if (tags !== undefined) ctx.addTags(arn, tags)
  return accept(answer)
}

/** ResourceNotFoundException. */
export function getPackageVersion(
  ctx: CatalogContext,
  { packageName = '', versionName = '' }: GetPackageVersionRequest,
): Outcome<GetPackageVersionResponse> {
  const record = ctx.state.version(packageName, versionName)
  if (record === undefined) return noVersion(packageName, versionName)
  const { artifact, attributes, createdAtMs, description, modifiedAtMs, recipe, sbom } = record
  return accept({
    packageVersionArn: packageVersionArn(ctx.account, packageName, versionName),
    packageName,
    versionName,
    description,
    attributes,
    artifact,
    sbom,
    recipe,
    status: record.status,
    creationDate: new Date(createdAtMs),
    lastModifiedDate: new Date(modifiedAtMs),
    sbomValidationStatus: sbom && 'IN_PROGRESS',
  })
}

/** ResourceNotFoundException; ConflictException for what the status forbids (neighbours N57, N58). */
export function updatePackageVersion(
  ctx: CatalogContext,
  input: UpdatePackageVersionRequest,
  nowMs: number,
): Outcome<Empty> {
  const { packageName = '', versionName = '', action, artifact, attributes, recipe } = input
  const before = ctx.state.version(packageName, versionName)
  if (before === undefined) return noVersion(packageName, versionName)
  const updated = tokenUse(input)
  if (isRepeated(before.updated, updated)) return accept({})
  const refused = editFault(before, input) ?? attributesFault(ctx, attributes ?? {})
  if (refused !== undefined) return refused
  const status = action === undefined ? before.status : MOVES[before.status][action]
  if (status === undefined) {
    return wrongStatus(
      versionName,
      `Version ${versionName} is ${before.status}: it cannot ${action}.`,
    )
  }
  ctx.state.putVersion({
    ...before,
    ...present({
      description: input.description ?? before.description,
      artifact: artifact === undefined ? before.artifact : artifactOf(artifact),
      recipe: recipe ?? before.recipe,
    }),
    attributes: attributes ?? before.attributes,
    status,
    modifiedAtMs: nowMs,
    updated,
  })
  return accept({})
}

/** neighbours N57: all moves there are. */
const MOVES: Readonly<
  Record<
    PackageVersionStatus,
    { readonly PUBLISH?: PackageVersionStatus; readonly DEPRECATE?: PackageVersionStatus }
  >
> = {
  DRAFT: { PUBLISH: 'PUBLISHED' },
  PUBLISHED: { DEPRECATE: 'DEPRECATED' },
  DEPRECATED: { PUBLISH: 'PUBLISHED' },
}

function artifactOf(artifact: PackageVersionArtifact | undefined): Artifact | undefined {
  const { s3Location } = artifact ?? {}
  return artifact && (s3Location === undefined ? {} : { s3Location: present(s3Location) })
}

/** neighbours N58. */
function editFault(
  { status, versionName }: PackageVersionRecord,
  { artifact, attributes, recipe }: UpdatePackageVersionRequest,
): Refused | undefined {
  const cannot = (member: string): Refused =>
    wrongStatus(versionName, `Version ${versionName} is ${status}: its ${member} cannot change.`)
  if (status === 'DRAFT') return undefined
  if (attributes !== undefined) return cannot('attributes')
  if (artifact !== undefined) return cannot('artifact')
  return recipe !== undefined && status === 'DEPRECATED' ? cannot('recipe') : undefined
}

/** neighbours N54. */
function attributesFault(
  { limits: { attributesBytesMax } }: CatalogContext,
  attributes: Readonly<Record<string, string>>,
): Refused | undefined {
  const encoder = new TextEncoder()
  let bytes = 0
  for (const part of Object.entries(attributes).flat()) bytes += encoder.encode(part).length
  if (bytes <= attributesBytesMax) return undefined
  return invalid(`attributes have ${bytes} bytes, more than ${attributesBytesMax}`)
}

/** An absent one is deleted already. ValidationException while it is the default (neighbours N60). */
export function deletePackageVersion(
  ctx: CatalogContext,
  { packageName = '', versionName = '' }: DeletePackageVersionRequest,
): Outcome<Empty> {
  if (ctx.state.version(packageName, versionName) === undefined) return accept({})
  if (ctx.state.package(packageName)?.defaultVersionName === versionName) {
    return invalid(
      `Version ${versionName} is the default version of package ${packageName}: unset it first.`,
    )
  }
  ctx.state.deleteVersion(packageName, versionName)
  ctx.dropTags(packageVersionArn(ctx.account, packageName, versionName))
  return accept({})
}

/** In the order of their names; of an unknown package none. ValidationException for a bad token. */
export function listPackageVersions(
  ctx: CatalogContext,
  input: ListPackageVersionsRequest,
): Outcome<ListPackageVersionsResponse> {
  const { packageName = '', status } = input
  const page = pageOf(
    `versions ${packageName} ${status ?? ''}`,
    input,
    (wanted) => ctx.state.versions(packageName, status, wanted),
    ({ versionName }) => versionName,
  )
  if (!page.ok) return page
  return accept({
    packageVersionSummaries: page.value.entries.map((record) => ({
      packageName,
      versionName: record.versionName,
      status: record.status,
      creationDate: new Date(record.createdAtMs),
      lastModifiedDate: new Date(record.modifiedAtMs),
    })),
    ...page.value.next,
  })
}
