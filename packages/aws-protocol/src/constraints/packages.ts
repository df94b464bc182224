/** The package catalog: constraints of the control plane's input structures (neighbours N54). */
import type { Constraint, ServiceConstraints } from '../constraint.ts'
import { anyOf, map, text, whole } from './build.ts'
import { roleArn, tagKey, tagValue } from './shapes.ts'

const name = (longest: number): Constraint =>
  text(1, longest, /^[a-zA-Z0-9_.-]+$/u, '[a-zA-Z0-9-_.]+')
const packageName = name(128)
const versionName = name(64)
const clientToken = text(36, 64, /^\S{36,64}$/u, String.raw`\S{36,64}`)
const description = text(0, 1024, /^[^\p{C}]+$/u, String.raw`[^\p{C}]+`)
const attributes = map(
  0,
  Infinity,
  text(1, Infinity, /^[a-zA-Z0-9:_-]+$/u),
  text(1, Infinity, /^[^\p{C}]+$/u, String.raw`[^\p{C}]+`),
)
const recipe = text(0, 3072)
const tags = map(1, 50, tagKey, tagValue)
const maxResults = whole(1, 100)

export const packages: ServiceConstraints<'iot'> = {
  CreatePackageRequest: { packageName, description, tags, clientToken },
  GetPackageRequest: { packageName },
  UpdatePackageRequest: {
    packageName,
    description,
    defaultVersionName: versionName,
    clientToken,
  },
  DeletePackageRequest: { packageName, clientToken },
  ListPackagesRequest: { maxResults },
  CreatePackageVersionRequest: {
    packageName,
    versionName,
    description,
    attributes,
    recipe,
    tags,
    clientToken,
  },
  GetPackageVersionRequest: { packageName, versionName },
  UpdatePackageVersionRequest: {
    packageName,
    versionName,
    description,
    attributes,
    action: anyOf('PUBLISH', 'DEPRECATE'),
    recipe,
    clientToken,
  },
  DeletePackageVersionRequest: { packageName, versionName, clientToken },
  ListPackageVersionsRequest: {
    packageName,
    status: anyOf('DRAFT', 'PUBLISHED', 'DEPRECATED'),
    maxResults,
  },
  AssociateSbomWithPackageVersionRequest: { packageName, versionName, clientToken },
  DisassociateSbomFromPackageVersionRequest: { packageName, versionName, clientToken },
  ListSbomValidationResultsRequest: {
    packageName,
    versionName,
    validationResult: anyOf('FAILED', 'SUCCEEDED'),
    maxResults,
  },
  UpdatePackageConfigurationRequest: { clientToken },
  VersionUpdateByJobsConfig: { roleArn },
  S3Location: { bucket: text(1, Infinity), key: text(1, Infinity) },
}
