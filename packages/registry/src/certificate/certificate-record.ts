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

/** DEFAULT is known by its authority, SNI_ONLY was registered without one (gateway G88, G89). */
export type CertificateMode = 'DEFAULT' | 'SNI_ONLY'

/** From when to when a certificate is valid, epoch milliseconds. */
export interface Validity {
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** A transfer under way or ended (gateway G95). */
export interface TransferRecord {
  readonly targetAccountId: string
  readonly message?: string
  readonly rejectReason?: string
  readonly transferredAtMs: number
  readonly acceptedAtMs?: number
  readonly rejectedAtMs?: number
  /** REVOKED before: it is so afterwards, too (gateway A9). */
  readonly revoked?: true
}

/** A device certificate (gateway G86 to G93). */
export interface CertificateRecord {
  /** 64 lowercase hex characters: SHA-256 over the DER. */
  readonly certificateId: string
  readonly certificateArn: string
  readonly status: CertificateStatus
  readonly certificatePem: string
  readonly validity: Validity
  readonly certificateMode: CertificateMode
  readonly caCertificateId?: string
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  /** Grows with every update. */
  readonly customerVersion: number
  readonly generationId: string
  readonly transfer?: TransferRecord
  /** Account that transferred the certificate here. */
  readonly previousOwnedBy?: string
  /**
   * Template of a provisioning claim by a trusted user: the certificate is listed nowhere and good
   * for that template alone (gateway G106).
   */
  readonly claimOfTemplate?: string
}

/** How certificates that an authority signed are registered when they first connect. */
export interface RegistrationConfigRecord {
  readonly templateBody?: string
  readonly templateName?: string
  readonly roleArn?: string
}

/** A certificate authority registered by the account (gateway G89, G91). */
export interface CaCertificateRecord {
  readonly certificateId: string
  readonly certificateArn: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly certificatePem: string
  /** The name that certificates it signed carry as issuer. */
  readonly subject: string
  readonly validity: Validity
  readonly certificateMode: CertificateMode
  readonly autoRegistrationStatus: 'ENABLE' | 'DISABLE'
  readonly registrationConfig?: RegistrationConfigRecord
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly customerVersion: number
  readonly generationId: string
}
