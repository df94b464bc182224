/**
 * An authority as the registry sees it: issue, read, compare; synchronous throughout, so that
 * registering things stays one step.
 */
import { hash } from 'node:crypto'
import { accept, type Outcome } from '@muster/model'
import type { Authority } from './authority.ts'
import { certificateAttributes, type NameAttributes } from './certificate-attributes.ts'
import { isSignedBy, readCertificate, type CertificateFacts } from './certificate-facts.ts'
import {
  issueDeviceCertificate,
  issueKeyCertificate,
  type DeviceCertificateOptions,
  type IssuedCertificate,
} from './device-certificate.ts'

/** How long a certificate is to last. */
export interface IssueOptions {
  /** Default: until {@link deviceNotAfterMs}. */
  readonly lifetimeMs?: number
}

/** {@link CertificateFacts}, judged by the time of day. */
export interface DatedCertificateFacts extends CertificateFacts {
  /** Whether now lies between the certificate's dates. */
  readonly inDate: boolean
}

/** Everything certificates need that is cryptography. */
export interface CertificateIssuer {
  /** {@link issueDeviceCertificate} */
  issueFromCsr(csrPem: string, options?: IssueOptions): Outcome<IssuedCertificate>
  /** {@link issueKeyCertificate} */
  issueForKey(publicKeyPem: string, options?: IssueOptions): Outcome<IssuedCertificate>
  /** {@link readCertificate} */
  read(certificatePem: string): Outcome<DatedCertificateFacts>
  /** {@link isSignedBy} */
  isSignedBy(certificatePem: string, authorityPem: string): boolean
  /** The subject of {@link certificateAttributes} */
  subjectAttributes(certificatePem: string): NameAttributes
  /** Lower-case hex SHA-256 of a text. */
  digest(text: string): string
}

/**
 * Binds the functions to an authority.
 *
 * @param wallMs - wall time, epoch milliseconds: certificates live by it, as TLS does, whatever
 *   clock everything else runs on
 */
export function certificateIssuer(
  authority: Authority,
  wallMs: () => number = Date.now,
): CertificateIssuer {
  const dates = (options: IssueOptions | undefined): DeviceCertificateOptions => {
    const nowMs = wallMs()
    const lifetimeMs = options?.lifetimeMs
    return lifetimeMs === undefined ? { nowMs } : { nowMs, notAfterMs: nowMs + lifetimeMs }
  }
  return {
    issueFromCsr: (csrPem, options) => issueDeviceCertificate(authority, csrPem, dates(options)),
    issueForKey: (publicKeyPem, options) =>
      issueKeyCertificate(authority, publicKeyPem, dates(options)),
    read: (certificatePem) => {
      const facts = readCertificate(certificatePem)
      if (!facts.ok) return facts
      const nowMs = wallMs()
      const { notAfterMs, notBeforeMs } = facts.value
      return accept({ ...facts.value, inDate: notBeforeMs <= nowMs && nowMs < notAfterMs })
    },
    isSignedBy,
    subjectAttributes: (certificatePem) => certificateAttributes(certificatePem).subject,
    digest: (text) => hash('sha256', text, 'hex'),
  }
}
