/**
 * Refusals of the catalog. Where AWS's words are not known they are ours; which exception answers a
 * wrong move, edit or deletion is neighbours W12, decided here.
 */
import { refuse, type Refused } from '@muster/model'

/** Input that is well-formed and makes no sense. */
export function invalid(message: string): Refused {
  return refuse('ValidationException', message)
}

export function noPackage(packageName: string): Refused {
  return refuse('ResourceNotFoundException', `Package ${packageName} does not exist.`)
}

export function noVersion(packageName: string, versionName: string): Refused {
  return refuse(
    'ResourceNotFoundException',
    `Version ${versionName} of package ${packageName} does not exist.`,
  )
}

/** neighbours N55: the model of CreatePackageVersion has no 404. */
export function noPackageForVersion(packageName: string): Refused {
  return invalid(`Package ${packageName} does not exist: create it before its versions.`)
}

export function packageTaken(packageName: string): Refused {
  const members = { resourceId: packageName }
  return refuse('ConflictException', `Package ${packageName} already exists.`, members)
}

export function versionTaken(packageName: string, versionName: string): Refused {
  const message = `Version ${versionName} of package ${packageName} already exists.`
  return refuse('ConflictException', message, { resourceId: versionName })
}

/** neighbours N57, N58. */
export function wrongStatus(versionName: string, message: string): Refused {
  return refuse('ConflictException', message, { resourceId: versionName })
}

export function tooMany(what: string, most: number): Refused {
  return refuse('ServiceQuotaExceededException', `The account has ${most} ${what} already.`)
}

/** A list's token that no page gave out. */
export function badToken(nextToken: string): Refused {
  return invalid(`Invalid nextToken '${nextToken}'`)
}

/** neighbours N61. */
export const sbomRefusals: {
  readonly [Name in 'missing' | 'bucket' | 'key' | 'version']: Refused
} = {
  missing: invalid('Associate request needs to include SBOM reference'),
  bucket: invalid('S3 bucket name for SBOM cannot be null'),
  key: invalid('S3 key name for SBOM cannot be null'),
  version: invalid('S3 object version for SBOM cannot be null'),
}
