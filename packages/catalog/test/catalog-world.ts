/** A catalog on memory, and short ways to ask it. */
import { accept, type Outcome } from '@muster/model'
import { Catalog, MemoryCatalogState, type CatalogLimits } from '../src/index.ts'

export const ACCOUNT = { region: 'us-east-1', accountId: '123456789012' }
export const NOW_MS = 1_700_000_000_000

export interface CatalogWorld {
  readonly catalog: Catalog
  readonly state: MemoryCatalogState
  /** Tags by ARN. */
  readonly tags: Map<string, Readonly<Record<string, string>>>
  /** A package with a version of a status. */
  version(packageName: string, versionName: string, action?: 'PUBLISH' | 'DEPRECATE'): void
}

export function catalogWorld(limits: Partial<CatalogLimits> = {}): CatalogWorld {
  const state = new MemoryCatalogState()
  const tags = new Map<string, Readonly<Record<string, string>>>()
  const catalog = new Catalog({
    account: ACCOUNT,
    state,
    checkTags: () => accept(undefined),
    addTags: (arn, added) => void tags.set(arn, added),
    dropTags: (arn) => void tags.delete(arn),
    limits,
  })
  return {
    catalog,
    state,
    tags,
    version: (packageName, versionName, action) => {
      if (state.package(packageName) === undefined) {
        value(catalog.createPackage({ packageName }, NOW_MS))
      }
      const version = { packageName, versionName }
      value(catalog.createPackageVersion(version, NOW_MS))
      if (action === undefined) return
      value(catalog.updatePackageVersion({ ...version, action: 'PUBLISH' }, NOW_MS))
      if (action === 'DEPRECATE')
        value(catalog.updatePackageVersion({ ...version, action }, NOW_MS))
    },
  }
}

/** What was accepted. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
  return outcome.value
}

/** `ok`, or the code of the refusal. */
export function code(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : outcome.error.code
}
