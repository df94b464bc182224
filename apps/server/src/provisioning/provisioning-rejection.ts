/**
 * Refusals as devices see them on `…/rejected` (gateway G103, A10).
 */
import type { Refusal } from '@muster/model'
import type { ProvisioningCode } from '@muster/registry'

/** Payload of a rejected provisioning request. */
export interface ProvisioningRejection {
  readonly statusCode: number
  readonly errorCode: string
  readonly errorMessage: string
}

const byCode: Readonly<
  Partial<Record<ProvisioningCode, readonly [statusCode: number, errorCode: string]>>
> = {
  InvalidCertificateOwnershipToken: [400, 'InvalidCertificateOwnershipToken'],
  InvalidRequestException: [400, 'InvalidParameters'],
  CertificateValidationException: [400, 'InvalidParameters'],
  CertificateStateException: [400, 'InvalidParameters'],
  MalformedPolicyException: [400, 'InvalidParameters'],
  LimitExceededException: [400, 'InvalidParameters'],
  AccessDenied: [403, 'AccessDenied'],
  ResourceNotFoundException: [404, 'ResourceNotFound'],
  ResourceConflictsException: [409, 'ResourceConflict'],
  ResourceAlreadyExistsException: [409, 'ResourceConflict'],
  CertificateConflictException: [409, 'ResourceConflict'],
  VersionConflictException: [409, 'ResourceConflict'],
  Throttled: [429, 'Throttled'],
}

/** The rejection for a refusal; one that is not foreseen is an InternalFailure. */
export function provisioningRejection(refusal: Refusal<ProvisioningCode>): ProvisioningRejection {
  const [statusCode, errorCode] = byCode[refusal.code] ?? [500, 'InternalFailure']
  const errorMessage = errorCode === 'AccessDenied' ? 'Access Denied' : refusal.message
  return { statusCode, errorCode, errorMessage }
}
