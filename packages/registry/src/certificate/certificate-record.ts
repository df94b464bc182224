/**
 * What the registry remembers of certificates.
 */

/** AWS's states of a device certificate (gateway G92). */
export type CertificateStatus =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'REVOKED'
  | 'PENDING_TRANSFER'
  | 'REGISTER_INACTIVE'
  | 'PENDING_ACTIVATION'

/** A device certificate (gateway G86 to G93). */
export interface CertificateRecord {
  /** 64 lowercase hex characters: SHA-256 over the DER. */
  readonly certificateId: string
  readonly certificateArn: string
  readonly status: CertificateStatus
  readonly certificatePem: string
  readonly validity: { readonly notBeforeMs: number; readonly notAfterMs: number }
  readonly certificateMode: 'DEFAULT' | 'SNI_ONLY'
  readonly caCertificateId?: string
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  /** Grows with every update. */
  readonly customerVersion: number
  readonly generationId: string
}

/** A certificate authority registered by the account (gateway G89, G91). */
export interface CaCertificateRecord {
  readonly certificateId: string
  readonly certificateArn: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly certificatePem: string
  readonly createdAtMs: number
}
