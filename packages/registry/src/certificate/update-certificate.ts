/**
 * States of a certificate and its end (gateway G92, G94; authz H1 to H3, H6).
 */
import type { DeleteCertificateRequest, UpdateCertificateRequest } from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'
import { detachAllPolicies } from '../policy/policy-attachment.ts'
import { detachAllThings } from '../principal/principals.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { CertificateRecord, CertificateStatus } from './certificate-record.ts'
import { findCertificate } from './find-certificate.ts'

/**
 * UpdateCertificate (gateway G92): moves between ACTIVE, INACTIVE and REVOKED.
 *
 * REVOKED is final (gateway A9), PENDING_* cannot be asked for (authz H3), and a transfer under way
 * must end first: CertificateStateException. Repeating a status succeeds and changes nothing.
 */
export function updateCertificate(
  state: RegistryState,
  input: UpdateCertificateRequest,
  nowMs: number,
): Outcome<object> {
  const found = findCertificate(state, input.certificateId)
  if (!found.ok) return found
  const record = found.value
  const newStatus = input.newStatus
  if (newStatus !== 'ACTIVE' && newStatus !== 'INACTIVE' && newStatus !== 'REVOKED') {
    return newStatus === 'PENDING_ACTIVATION' || newStatus === 'PENDING_TRANSFER'
      ? refuse('CertificateStateException', `A certificate cannot be updated to ${newStatus}`)
      : refuse('InvalidRequestException', 'newStatus must be ACTIVE, INACTIVE or REVOKED')
  }
  if (record.status === newStatus) return accept({})
  if (record.status === 'REVOKED') {
    return refuse('CertificateStateException', 'A revoked certificate cannot be reinstated')
  }
  if (record.status === 'PENDING_TRANSFER') {
    return refuse('CertificateStateException', 'The certificate is being transferred')
  }
  changeCertificate(state, record, { status: newStatus }, nowMs)
  return accept({})
}

/** Writes new members of a record as a new version and tells of it. */
export function changeCertificate(
  state: RegistryState,
  before: CertificateRecord,
  members: Partial<CertificateRecord> & { readonly status: CertificateStatus },
  nowMs: number,
): CertificateRecord {
  const after: CertificateRecord = {
    ...before,
    ...members,
    modifiedAtMs: nowMs,
    customerVersion: before.customerVersion + 1,
  }
  const { certificateId } = before
  state.certificates.certificates.set(certificateId, after)
  state.emit({ kind: 'certificate', certificateId, before, after })
  return after
}

/**
 * DeleteCertificate (gateway G94, authz H6).
 *
 * CertificateStateException while ACTIVE or in transfer; DeleteConflictException while attached to
 * a thing, forced or not, and while a policy is attached unless forced.
 */
export function deleteCertificate(
  state: RegistryState,
  input: DeleteCertificateRequest,
): Outcome<object> {
  const found = findCertificate(state, input.certificateId)
  if (!found.ok) return found
  const { certificateArn, certificateId, status } = found.value
  if (status === 'ACTIVE')
    return refuse(
      'CertificateStateException',
      `Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
    )
  if (status === 'PENDING_TRANSFER') {
    return refuse(
      'CertificateStateException',
      `The certificate is being transferred. Id: ${certificateId}`,
    )
  }
  if (state.principals.things(certificateArn).length > 0) {
    return refuse(
      'DeleteConflictException',
      `Things must be detached before the certificate is deleted: ${certificateArn}`,
    )
  }
  if (state.policies.policies(certificateArn).length > 0 && input.forceDelete !== true) {
    return refuse(
      'DeleteConflictException',
      `Policies must be detached before the certificate is deleted: ${certificateArn}`,
    )
  }
  removeCertificate(state, found.value)
  return accept({})
}

/** Removes a certificate with everything attached to it, and tells of all of it. */
export function removeCertificate(state: RegistryState, before: CertificateRecord): void {
  const { certificateArn, certificateId } = before
  detachAllThings(state, certificateArn)
  detachAllPolicies(state, certificateArn)
  state.certificates.certificates.delete(certificateId)
  state.emit({ kind: 'certificate', certificateId, before })
}
