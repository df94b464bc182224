/** What the rules of the catalog need from the rest of a server. */
import type { Account, Outcome } from '@muster/model'
import type { CatalogState } from './catalog-state.ts'

/** Everything a catalog is made of. */
export interface CatalogPorts {
  readonly account: Account
  readonly state: CatalogState
  /** Refuses tags that no resource can be given. */
  readonly checkTags: (tags: Readonly<Record<string, string>>) => Outcome<unknown>
  /** Adds the tags that a creation carries; they are checked. */
  readonly addTags: (resourceArn: string, tags: Readonly<Record<string, string>>) => void
  /** The resource is gone, and its tags with it. */
  readonly dropTags: (resourceArn: string) => void
  readonly limits?: Partial<CatalogLimits>
}

/** AWS's quotas (neighbours N54, N55). */
export interface CatalogLimits {
  readonly packagesMax: number
  /** Of all packages together. */
  readonly versionsMax: number
  /** Names and values of one version's attributes, UTF-8. */
  readonly attributesBytesMax: number
}

export const DEFAULT_CATALOG_LIMITS: CatalogLimits = {
  packagesMax: 100,
  versionsMax: 10_000,
  attributesBytesMax: 3072,
}

/** The ports with their defaults filled in. */
export interface CatalogContext extends Omit<CatalogPorts, 'limits'> {
  readonly limits: CatalogLimits
}
