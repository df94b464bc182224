/** Packages (neighbours N54 to N56, N59, N60). */
import type {
  CreatePackageRequest,
  CreatePackageResponse,
  DeletePackageRequest,
  GetPackageRequest,
  GetPackageResponse,
  ListPackagesRequest,
  ListPackagesResponse,
  UpdatePackageRequest,
} from '@aws-sdk/client-iot'
import { accept, present, type Outcome, type Refused } from '@muster/model'
import { packageArn } from './arns.ts'
import type { CatalogContext } from './catalog-ports.ts'
import type { PackageRecord } from './catalog-state.ts'
import { isRepeated, tokenUse } from './idempotency.ts'
import { pageOf } from './page.ts'
import { invalid, noPackage, noVersion, packageTaken, tooMany } from './refusals.ts'
import { tagsFault } from './tags-fault.ts'

/** An operation that answers nothing. */
export type Empty = Record<never, never>

/** ConflictException for a name in use, ServiceQuotaExceededException past the quota. */
export function createPackage(
  ctx: CatalogContext,
  input: CreatePackageRequest,
  nowMs: number,
): Outcome<CreatePackageResponse> {
  const { packageName = '', description, tags } = input
  const created = tokenUse(input)
  const arn = packageArn(ctx.account, packageName)
  const answer = { packageName, packageArn: arn, description }
  const existing = ctx.state.package(packageName)
  if (existing !== undefined) {
    return isRepeated(existing.created, created) ? accept(answer) : packageTaken(packageName)
  }
  const tagged = tagsFault(ctx, tags)
  if (tagged !== undefined) return tagged
  const { packagesMax } = ctx.limits
  if (ctx.state.countPackages() >= packagesMax) return tooMany('packages', packagesMax)
  ctx.state.putPackage({
    packageName,
    ...present({ description }),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    created,
  })
  if (tags !== undefined) ctx.addTags(arn, tags)
  return accept(answer)
}

/** ResourceNotFoundException. */
export function getPackage(
  ctx: CatalogContext,
  { packageName = '' }: GetPackageRequest,
): Outcome<GetPackageResponse> {
  const record = ctx.state.package(packageName)
  if (record === undefined) return noPackage(packageName)
  return accept({
    packageName,
    packageArn: packageArn(ctx.account, packageName),
    description: record.description,
    defaultVersionName: record.defaultVersionName,
    creationDate: new Date(record.createdAtMs),
    lastModifiedDate: new Date(record.modifiedAtMs),
  })
}

/** ResourceNotFoundException; ValidationException for a default that cannot be one. */
export function updatePackage(
  ctx: CatalogContext,
  input: UpdatePackageRequest,
  nowMs: number,
): Outcome<Empty> {
  const { packageName = '', description } = input
  const before = ctx.state.package(packageName)
  if (before === undefined) return noPackage(packageName)
  const updated = tokenUse(input)
  if (isRepeated(before.updated, updated)) return accept({})
  const refused = defaultFault(ctx, input)
  if (refused !== undefined) return refused
  const { defaultVersionName: _before, ...rest } = before
  ctx.state.putPackage({
    ...rest,
    ...present({ description: description ?? before.description }),
    ...present({ defaultVersionName: nextDefault(before, input) }),
    modifiedAtMs: nowMs,
    updated,
  })
  return accept({})
}

/** neighbours N59. */
function defaultFault(
  ctx: CatalogContext,
  { packageName = '', defaultVersionName, unsetDefaultVersion }: UpdatePackageRequest,
): Refused | undefined {
  if (defaultVersionName === undefined) return undefined
  if (unsetDefaultVersion === true) {
    return invalid('defaultVersionName and unsetDefaultVersion cannot be given together.')
  }
  const version = ctx.state.version(packageName, defaultVersionName)
  if (version === undefined) return noVersion(packageName, defaultVersionName)
  if (version.status !== 'DRAFT') return undefined
  return invalid(
    `Version ${defaultVersionName} is a DRAFT: only a PUBLISHED or DEPRECATED version can be the default.`,
  )
}

function nextDefault(before: PackageRecord, input: UpdatePackageRequest): string | undefined {
  if (input.unsetDefaultVersion === true) return undefined
  return input.defaultVersionName ?? before.defaultVersionName
}

/** An absent one is deleted already. ValidationException while it has versions or a default. */
export function deletePackage(
  ctx: CatalogContext,
  { packageName = '' }: DeletePackageRequest,
): Outcome<Empty> {
  const record = ctx.state.package(packageName)
  if (record === undefined) return accept({})
  if (record.defaultVersionName !== undefined) {
    return invalid(`Package ${packageName} has a default version: unset it first.`)
  }
  if (ctx.state.versions(packageName, undefined, { after: '', limit: 1 }).length > 0) {
    return invalid(`Package ${packageName} has versions: delete them first.`)
  }
  ctx.state.deletePackage(packageName)
  ctx.dropTags(packageArn(ctx.account, packageName))
  return accept({})
}

/** In the order of their names; ValidationException for a bad token. */
export function listPackages(
  ctx: CatalogContext,
  input: ListPackagesRequest,
): Outcome<ListPackagesResponse> {
  const page = pageOf(
    'packages',
    input,
    (wanted) => ctx.state.packages(wanted),
    ({ packageName }) => packageName,
  )
  if (!page.ok) return page
  return accept({
    packageSummaries: page.value.entries.map((record) => ({
      packageName: record.packageName,
      defaultVersionName: record.defaultVersionName,
      creationDate: new Date(record.createdAtMs),
      lastModifiedDate: new Date(record.modifiedAtMs),
    })),
    ...page.value.next,
  })
}
