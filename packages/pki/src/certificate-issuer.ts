/**
 * An authority as the registry sees it: issue, read, compare; synchronous throughout, so that
 * registering things stays one step.
 */
import { hash } from 'node:crypto'
import type { Outcome } from '@muster/model'
import type { Authority } from './authority.ts'
import { certificateAttributes, type NameAttributes } from './certificate-attributes.ts'
import { isSignedBy, readCertificate, type CertificateFacts } from './certificate-facts.ts'
import {
  issueDeviceCertificate,
  issueKeyCertificate,
  type DeviceCertificateOptions,
  type IssuedCertificate,
} from './device-certificate.ts'

/** Everything certificates need that is cryptography. */
export interface CertificateIssuer {
  /** {@link issueDeviceCertificate} */
  issueFromCsr(csrPem: string, options: DeviceCertificateOptions): Outcome<IssuedCertificate>
  /** {@link issueKeyCertificate} */
  issueForKey(publicKeyPem: string, options: DeviceCertificateOptions): Outcome<IssuedCertificate>
  /** {@link readCertificate} */
  read(certificatePem: string): Outcome<CertificateFacts>
  /** {@link isSignedBy} */
  isSignedBy(certificatePem: string, authorityPem: string): boolean
  /** The subject of {@link certificateAttributes} */
  subjectAttributes(certificatePem: string): NameAttributes
  /** Lower-case hex SHA-256 of a text. */
  digest(text: string): string
}

/** Binds the functions to an authority. */
export function certificateIssuer(authority: Authority): CertificateIssuer {
  return {
    issueFromCsr: (csrPem, options) => issueDeviceCertificate(authority, csrPem, options),
    issueForKey: (publicKeyPem, options) => issueKeyCertificate(authority, publicKeyPem, options),
    read: readCertificate,
    isSignedBy,
    subjectAttributes: (certificatePem) => certificateAttributes(certificatePem).subject,
    digest: (text) => hash('sha256', text, 'hex'),
  }
}
