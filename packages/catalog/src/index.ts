export { packageArn, packageVersionArn } from './arns.ts'
export { Catalog } from './catalog.ts'
export type { CatalogLimits, CatalogPorts } from './catalog-ports.ts'
export type {
  Artifact,
  CatalogState,
  PackageConfiguration,
  PackageRecord,
  PackageVersionRecord,
  PackageVersionStatus,
  PageOf,
  S3Location,
  TokenUse,
} from './catalog-state.ts'
export { PACKAGE_SHADOW } from './installed-versions.ts'
export { MemoryCatalogState } from './memory-state.ts'
