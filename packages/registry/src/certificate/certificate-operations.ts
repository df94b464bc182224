/**
 * The certificate family of operations, as members of the registry.
 */
import type { RegistryState } from '../state/registry-state.ts'
import type { CertificateRecord } from './certificate-record.ts'

/** Operations and lookups of certificates. */
export interface CertificateOperations {
  /** @param certificateId - 64 lowercase hex characters */
  certificate(certificateId: string): CertificateRecord | undefined
}

/** Binds the family to a state. */
export function certificateOperations(state: RegistryState): CertificateOperations {
  return {
    certificate: (certificateId) => state.certificates.certificates.get(certificateId),
  }
}
