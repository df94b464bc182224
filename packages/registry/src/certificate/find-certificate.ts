/**
 * Records by the ids that callers send.
 */
import { accept, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { CaCertificateRecord, CertificateRecord } from './certificate-record.ts'

/** The certificate, or ResourceNotFoundException. Ids may be upper-case. */
export function findCertificate(
  state: RegistryState,
  certificateId: string | undefined,
): Outcome<CertificateRecord> {
  const id = certificateId?.toLowerCase() ?? ''
  const record = state.certificates.certificates.get(id)
  if (record !== undefined) return accept(record)
  return refuse('ResourceNotFoundException', `The certificate does not exist: ${id}`)
}

/** The authority, or ResourceNotFoundException. Ids may be upper-case. */
export function findCaCertificate(
  state: RegistryState,
  certificateId: string | undefined,
): Outcome<CaCertificateRecord> {
  const id = certificateId?.toLowerCase() ?? ''
  const record = state.certificates.caCertificates.get(id)
  if (record !== undefined) return accept(record)
  return refuse('ResourceNotFoundException', `The CA certificate does not exist: ${id}`)
}
