/**
 * Where packages and their versions are kept: the port of the rules. Synchronous; what is put is
 * seen at once.
 */

/** What a client token was sent with: the same again gets the same answer (neighbours N53). */
export interface TokenUse {
  readonly token: string
  /** The request without its token, as JSON. */
  readonly content: string
}

/** A software package (neighbours N56). */
export interface PackageRecord {
  readonly packageName: string
  readonly description?: string
  readonly defaultVersionName?: string
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly created: TokenUse
  /** The latest update; absent before the first. */
  readonly updated?: TokenUse
}

/** neighbours N57. */
export type PackageVersionStatus = 'DRAFT' | 'PUBLISHED' | 'DEPRECATED'

/** An object of S3 (neighbours N4). */
export interface S3Location {
  readonly bucket?: string
  readonly key?: string
  readonly version?: string
}

/** What a version refers to: a file of it, or its bill of materials. */
export interface Artifact {
  readonly s3Location?: S3Location
}

/** A version of a package (neighbours N56). */
export interface PackageVersionRecord {
  readonly packageName: string
  readonly versionName: string
  readonly description?: string
  readonly attributes: Readonly<Record<string, string>>
  readonly artifact?: Artifact
  readonly sbom?: Artifact
  readonly recipe?: string
  readonly status: PackageVersionStatus
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly created: TokenUse
  readonly updated?: TokenUse
}

/** What jobs do to the `$package` shadow (neighbours N70). */
export interface PackageConfiguration {
  readonly enabled?: boolean
  readonly roleArn?: string
}

/** Which part of a list is wanted. */
export interface PageOf {
  /** The last name that is not wanted any more; empty for none. */
  readonly after: string
  readonly limit: number
}

/** Packages by name, and versions by package and name. */
export interface CatalogState {
  package(packageName: string): PackageRecord | undefined
  putPackage(record: PackageRecord): void
  deletePackage(packageName: string): void
  /** In the order of their names. */
  packages(page: PageOf): readonly PackageRecord[]
  countPackages(): number

  version(packageName: string, versionName: string): PackageVersionRecord | undefined
  putVersion(record: PackageVersionRecord): void
  deleteVersion(packageName: string, versionName: string): void
  /** Versions of one package, in the order of their names; with a status, only those that have it. */
  versions(
    packageName: string,
    status: PackageVersionStatus | undefined,
    page: PageOf,
  ): readonly PackageVersionRecord[]
  /** Of all packages together. */
  countVersions(): number

  /** undefined before the first update. */
  configuration(): PackageConfiguration | undefined
  putConfiguration(configuration: PackageConfiguration): void
}
