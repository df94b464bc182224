/**
 * Packages and their versions in tables: a list reads one page of them, a restart none.
 */
import type {
  CatalogState,
  PackageConfiguration,
  PackageRecord,
  PackageVersionRecord,
  PackageVersionStatus,
  PageOf,
} from '@muster/catalog'
import { keptJson } from '@muster/model'
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { WriteBatch } from './write-batch.ts'

type Row = Record<string, SQLOutputValue>

/** The catalog of one account. */
export class SqliteCatalog implements CatalogState {
  readonly #batch: WriteBatch
  readonly #sql: Readonly<Record<keyof typeof STATEMENTS, StatementSync>>

  constructor(database: DatabaseSync, batch: WriteBatch) {
    this.#batch = batch
    const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)])
    this.#sql = Object.fromEntries(prepared) as Record<keyof typeof STATEMENTS, StatementSync>
  }

  package(packageName: string): PackageRecord | undefined {
    const row = this.#sql.package.get(packageName)
    return row && packageOf(row)
  }

  putPackage(record: PackageRecord): void {
    const { packageName } = record
    this.#batch.attempt(() => this.#sql.putPackage.run(packageName, JSON.stringify(record)))
  }

  deletePackage(packageName: string): void {
    this.#batch.attempt(() => this.#sql.deletePackage.run(packageName))
  }

  packages({ after, limit }: PageOf): readonly PackageRecord[] {
    return this.#sql.packages.all(after, limit).map(packageOf)
  }

  countPackages(): number {
    return Number(this.#sql.countPackages.get()?.['found'])
  }

  version(packageName: string, versionName: string): PackageVersionRecord | undefined {
    const row = this.#sql.version.get(packageName, versionName)
    return row && versionOf(row)
  }

  putVersion(record: PackageVersionRecord): void {
    const { packageName, status, versionName } = record
    this.#batch.attempt(() =>
      this.#sql.putVersion.run(packageName, versionName, status, JSON.stringify(record)),
    )
  }

  deleteVersion(packageName: string, versionName: string): void {
    this.#batch.attempt(() => this.#sql.deleteVersion.run(packageName, versionName))
  }

  versions(
    packageName: string,
    status: PackageVersionStatus | undefined,
    { after, limit }: PageOf,
  ): readonly PackageVersionRecord[] {
    const rows =
      status === undefined
        ? this.#sql.versions.all(packageName, after, limit)
        : this.#sql.versionsOfStatus.all(packageName, status, after, limit)
    return rows.map(versionOf)
  }

  countVersions(): number {
    return Number(this.#sql.countVersions.get()?.['found'])
  }

  configuration(): PackageConfiguration | undefined {
    const row = this.#sql.configuration.get()
    return row && keptJson<PackageConfiguration>(String(row['config']), 'package configuration')
  }

  putConfiguration(configuration: PackageConfiguration): void {
    this.#batch.attempt(() => this.#sql.putConfiguration.run(JSON.stringify(configuration)))
  }
}

const STATEMENTS = {
  package: 'SELECT package_name, record FROM packages WHERE package_name = ?',
  putPackage:
    'INSERT INTO packages (package_name, record) VALUES (?, ?) ' +
    'ON CONFLICT (package_name) DO UPDATE SET record = excluded.record',
  deletePackage: 'DELETE FROM packages WHERE package_name = ?',
  packages:
    'SELECT package_name, record FROM packages WHERE package_name > ? ORDER BY package_name LIMIT ?',
  countPackages: 'SELECT count(*) AS found FROM packages',
  version:
    'SELECT package_name, version_name, record FROM package_versions ' +
    'WHERE package_name = ? AND version_name = ?',
  putVersion:
    'INSERT INTO package_versions (package_name, version_name, status, record) VALUES (?, ?, ?, ?) ' +
    'ON CONFLICT (package_name, version_name) DO UPDATE SET ' +
    'status = excluded.status, record = excluded.record',
  deleteVersion: 'DELETE FROM package_versions WHERE package_name = ? AND version_name = ?',
  versions:
    'SELECT package_name, version_name, record FROM package_versions ' +
    'WHERE package_name = ? AND version_name > ? ORDER BY version_name LIMIT ?',
  versionsOfStatus:
    'SELECT package_name, version_name, record FROM package_versions ' +
    'WHERE package_name = ? AND status = ? AND version_name > ? ORDER BY version_name LIMIT ?',
  countVersions: 'SELECT count(*) AS found FROM package_versions',
  configuration: 'SELECT config FROM package_configuration WHERE id = 1',
  putConfiguration:
    'INSERT INTO package_configuration (id, config) VALUES (1, ?) ' +
    'ON CONFLICT (id) DO UPDATE SET config = excluded.config',
} as const

function packageOf(row: Row): PackageRecord {
  return keptJson<PackageRecord>(String(row['record']), `package ${String(row['package_name'])}`)
}

function versionOf(row: Row): PackageVersionRecord {
  const name = `${String(row['package_name'])} ${String(row['version_name'])}`
  return keptJson<PackageVersionRecord>(String(row['record']), `package version ${name}`)
}
