/**
 * Bills of materials (neighbours N61): stored and shown, read by nobody; the validation that AWS
 * begins never ends here.
 */
import type {
  AssociateSbomWithPackageVersionRequest,
  AssociateSbomWithPackageVersionResponse,
  DisassociateSbomFromPackageVersionRequest,
  ListSbomValidationResultsRequest,
  ListSbomValidationResultsResponse,
} from '@aws-sdk/client-iot'
import { accept, type Outcome } from '@muster/model'
import type { CatalogContext } from './catalog-ports.ts'
import type { Empty } from './packages.ts'
import { noVersion, sbomRefusals } from './refusals.ts'

/** ValidationException for a reference that lacks a part, ResourceNotFoundException. */
export function associateSbom(
  ctx: CatalogContext,
  input: AssociateSbomWithPackageVersionRequest,
  nowMs: number,
): Outcome<AssociateSbomWithPackageVersionResponse> {
  const { packageName = '', versionName = '', sbom } = input
  const { s3Location } = sbom ?? {}
  if (s3Location === undefined) return sbomRefusals.missing
  const { bucket, key, version } = s3Location
  if (bucket === undefined) return sbomRefusals.bucket
  if (key === undefined) return sbomRefusals.key
  if (version === undefined) return sbomRefusals.version
  const record = ctx.state.version(packageName, versionName)
  if (record === undefined) return noVersion(packageName, versionName)
  const kept = { s3Location: { bucket, key, version } }
  ctx.state.putVersion({ ...record, sbom: kept, modifiedAtMs: nowMs })
  return accept({ packageName, versionName, sbom: kept, sbomValidationStatus: 'IN_PROGRESS' })
}

/** ResourceNotFoundException; a version without one loses nothing. */
export function disassociateSbom(
  ctx: CatalogContext,
  { packageName = '', versionName = '' }: DisassociateSbomFromPackageVersionRequest,
  nowMs: number,
): Outcome<Empty> {
  const record = ctx.state.version(packageName, versionName)
  if (record === undefined) return noVersion(packageName, versionName)
  const { sbom, ...rest } = record
  if (sbom !== undefined) ctx.state.putVersion({ ...rest, modifiedAtMs: nowMs })
  return accept({})
}

/** No validation ever ends, so that there are no results. ResourceNotFoundException. */
export function listSbomValidationResults(
  ctx: CatalogContext,
  { packageName = '', versionName = '' }: ListSbomValidationResultsRequest,
): Outcome<ListSbomValidationResultsResponse> {
  const isThere = ctx.state.version(packageName, versionName) !== undefined
  return isThere ? accept({ validationResultSummaries: [] }) : noVersion(packageName, versionName)
}
