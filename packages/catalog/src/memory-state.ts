import type {
  CatalogState,
  PackageConfiguration,
  PackageRecord,
  PackageVersionRecord,
  PackageVersionStatus,
  PageOf,
} from './catalog-state.ts'

/** A catalog that ends with the process: for tests, and for whoever needs no more. */
export class MemoryCatalogState implements CatalogState {
  readonly #packages = new Map<string, PackageRecord>()
  /** By package and name, which have no slash. */
  readonly #versions = new Map<string, PackageVersionRecord>()
  #configuration: PackageConfiguration | undefined

  package(packageName: string): PackageRecord | undefined {
    return this.#packages.get(packageName)
  }

  putPackage(record: PackageRecord): void {
    this.#packages.set(record.packageName, record)
  }

  deletePackage(packageName: string): void {
    this.#packages.delete(packageName)
  }

  packages({ after, limit }: PageOf): readonly PackageRecord[] {
    return [...this.#packages.values()]
      .filter(({ packageName }) => packageName > after)
      .sort((one, other) => compare(one.packageName, other.packageName))
      .slice(0, limit)
  }

  countPackages(): number {
    return this.#packages.size
  }

  version(packageName: string, versionName: string): PackageVersionRecord | undefined {
    return this.#versions.get(`${packageName}/${versionName}`)
  }

  putVersion(record: PackageVersionRecord): void {
    this.#versions.set(`${record.packageName}/${record.versionName}`, record)
  }

  deleteVersion(packageName: string, versionName: string): void {
    this.#versions.delete(`${packageName}/${versionName}`)
  }

  versions(
    packageName: string,
    status: PackageVersionStatus | undefined,
    { after, limit }: PageOf,
  ): readonly PackageVersionRecord[] {
    return [...this.#versions.values()]
      .filter(
        (version) =>
          version.packageName === packageName &&
          version.versionName > after &&
          (status === undefined || version.status === status),
      )
      .sort((one, other) => compare(one.versionName, other.versionName))
      .slice(0, limit)
  }

  countVersions(): number {
    return this.#versions.size
  }

  configuration(): PackageConfiguration | undefined {
    return this.#configuration
  }

  putConfiguration(configuration: PackageConfiguration): void {
    this.#configuration = configuration
  }
}

/** By code units: names are ASCII, so that this is the order of SQLite too. */
function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
