/**
 * Destination package versions of jobs and templates: which there may be, and what `$default` stands
 * for (jobs J131, neighbours N64).
 */
import {
  accept,
  invalidRequest,
  iotArn,
  nameInArn,
  refuse,
  type Account,
  type Outcome,
  type Refused,
} from '@muster/model'
import type { JobPackages, JobPackageVersion, JobsContext } from './ports.ts'

/** Of one job. */
const DESTINATIONS_MAX = 25
/** Stands for the package's default version. */
const DEFAULT = '$default'
/** Stands for no version: the package is to be uninstalled. */
export const NONE = '$null'

const NAMES = /^([a-zA-Z0-9_.-]{1,128})\/version\/([a-zA-Z0-9_.-]{1,64}|\$default|\$null)$/

/** One entry of `destinationPackageVersions`. */
export interface Destination {
  readonly packageName: string
  /** As it was written, so that the document names it the same way (neighbours N66). */
  readonly written: string
  /** The version's name; {@link NONE}. */
  readonly versionName: string
  /** With the version's name in it. */
  readonly arn: string
  /** undefined for {@link NONE}. */
  readonly version: JobPackageVersion | undefined
}

/**
 * Looks every destination up.
 *
 * InvalidRequestException for more than there may be, for what is no version's ARN, and for a version
 * that is unknown, a DRAFT, or the default of a package without one; ResourceNotFoundException where
 * there is no catalog at all (jobs J131).
 */
export function findDestinations(
  { account, packages }: JobsContext,
  arns: readonly string[] = [],
): Outcome<readonly Destination[]> {
  if (arns.length > DESTINATIONS_MAX) {
    return invalidRequest(`destinationPackageVersions has at most ${DESTINATIONS_MAX} entries`)
  }
  const [first] = arns
  if (packages === undefined) return first === undefined ? accept([]) : unknownVersion(first)
  const found: Destination[] = []
  for (const arn of arns) {
    const destination = findDestination(account, packages, arn)
    if (!destination.ok) return destination
    found.push(destination.value)
  }
  return accept(found)
}

function findDestination(
  account: Account,
  packages: JobPackages,
  arn: string,
): Outcome<Destination> {
  const names = NAMES.exec(nameInArn(account, 'package', arn) ?? '')
  const [, packageName = '', written = ''] = names ?? []
  if (names === null) {
    return invalidRequest(`\`${arn}\` is not the ARN of a package version of this account`)
  }
  const known = packages.defaultVersion(packageName)
  if (known === undefined) return invalidRequest(`Package ${packageName} does not exist.`)
  const versionName = written === DEFAULT ? known.name : written
  if (versionName === undefined) {
    return invalidRequest(`Package ${packageName} has no default version.`)
  }
  const named = {
    packageName,
    written,
    versionName,
    arn: iotArn(account, 'package', `${packageName}/version/${versionName}`),
  }
  if (written === NONE) return accept({ ...named, version: undefined })
  const version = packages.version(packageName, versionName)
  if (version === undefined) {
    return invalidRequest(`Version ${versionName} of package ${packageName} does not exist.`)
  }
  if (version.status === 'DRAFT') {
    return invalidRequest(`Version ${versionName} of package ${packageName} is not published.`)
  }
  return accept({ ...named, version })
}

/** Without a catalog every one is unknown (jobs J131). */
export function unknownVersion(which: string): Refused {
  return refuse('ResourceNotFoundException', `Package version ${which} cannot be found.`)
}
