/**
 * Cryptography as a port: what certificates need of an authority.
 */
import type { Outcome } from '@muster/model'

/** A certificate just signed for a device. */
export interface IssuedCertificate {
  /** 64 lowercase hex characters (gateway G86). */
  readonly certificateId: string
  readonly certificatePem: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** A certificate that a caller showed, read but not judged. */
export interface CertificateFacts extends IssuedCertificate {
  /** Basic constraints say CA:TRUE. */
  readonly isAuthority: boolean
  /** The subject's name in a form that compares equal exactly for equal names. */
  readonly subject: string
  /** As `subject`. */
  readonly issuer: string
  readonly commonName?: string
  /** Whether now, on the wall, lies between the certificate's dates. */
  readonly inDate: boolean
}

/** How long a certificate is to last; until AWS's date of 2049 unless told. */
export interface IssueOptions {
  readonly lifetimeMs?: number
}

/** Signs and reads certificates; their dates are wall time, as TLS reads them. */
export interface CertificateIssuer {
  /** InvalidRequestException for a request that cannot be read or does not verify. */
  issueFromCsr(csrPem: string, options?: IssueOptions): Outcome<IssuedCertificate>
  /** InvalidRequestException for a key that no device may use. */
  issueForKey(publicKeyPem: string, options?: IssueOptions): Outcome<IssuedCertificate>
  /** CertificateValidationException for what is no X.509 certificate in PEM. */
  read(certificatePem: string): Outcome<CertificateFacts>
  /** Whether the authority's key signed the certificate and its name is the issuer. */
  isSignedBy(certificatePem: string, authorityPem: string): boolean
  /** The subject's values by attribute name (`CommonName`, `State`), in certificate order. */
  subjectAttributes(certificatePem: string): Readonly<Record<string, readonly string[] | undefined>>
  /** Lowercase hex SHA-256 of a text. */
  digest(text: string): string
}
