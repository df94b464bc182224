/**
 * The package catalog in the server: what jobs install goes into things' `$package` shadows (neighbours
 * N70 to N74).
 */
import { Catalog, PACKAGE_SHADOW, type CatalogState } from '@muster/catalog'
import type { Clock } from '@muster/clock'
import type { IamAccount } from '@muster/iam'
import type { InstalledPackages, JobPackages } from '@muster/jobs'
import type { Account } from '@muster/model'
import type { Registry } from '@muster/registry'
import type { ShadowEngine } from '@muster/shadow'
import type { Logger } from '../log.ts'
import { lackedByRole } from './package-role.ts'

/** What the catalog is joined to. */
export interface CatalogShellPorts {
  readonly account: Account
  readonly clock: Pick<Clock, 'nowMs'>
  readonly state: CatalogState
  readonly registry: Pick<Registry, 'checkTags' | 'setTags' | 'forgetTags'>
  readonly shadows: () => Pick<ShadowEngine, 'updateThingShadow'>
  /** The account's roles as they are now. */
  readonly iam: () => IamAccount
  readonly log: Pick<Logger, 'warn'>
}

/** The catalog of a server. */
export interface CatalogShell {
  readonly catalog: Catalog
  /** The catalog as jobs ask for it. */
  readonly packages: JobPackages
  /** Takes what a device installed, once its report is answered. */
  installed(packages: InstalledPackages): void
}

/** Starts the catalog. */
export function startCatalog(ports: CatalogShellPorts): CatalogShell {
  const { account, clock, log, registry, state } = ports
  const catalog = new Catalog({
    account,
    state,
    checkTags: (tags) => registry.checkTags(listed(tags)),
    addTags: (resourceArn, tags) => registry.setTags(resourceArn, listed(tags)),
    dropTags: (resourceArn) => registry.forgetTags(resourceArn),
  })
  return {
    catalog,
    packages: {
      defaultVersion: (packageName) => catalog.defaultVersion(packageName),
      version: (packageName, versionName) => {
        const found = catalog.version(packageName, versionName)
        const { s3Location: artifact } = found?.artifact ?? {}
        const { attributes = {}, status } = found ?? {}
        return status && { attributes, status, ...(artifact !== undefined && { artifact }) }
      },
    },
    installed: ({ jobId, thingName, versions }) => {
      const update = catalog.installedVersions(versions)
      if (update === undefined) return
      const skipped = (why: string): void =>
        log.warn({ thingName, jobId, why }, 'the $package shadow was not updated')
      const lacked = lackedByRole(account, ports.iam(), catalog.updateRoleArn, thingName)
      if (lacked !== undefined) {
        skipped(`the role ${catalog.updateRoleArn} of the package configuration lacks ${lacked}`)
        return
      }
      const outcome = ports
        .shadows()
        .updateThingShadow(
          { thingName, shadowName: PACKAGE_SHADOW, payload: Buffer.from(update) },
          clock.nowMs(),
        )
      if (!outcome.ok) skipped(outcome.error.message)
    },
  }
}

/** Tags as everything but packages has them. */
function listed(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
