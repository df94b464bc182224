/**
 * The identity of a certificate (gateway G86).
 */
import { hash } from 'node:crypto'
import { pemToDer } from './pem.ts'

/**
 * AWS's certificate id: lower-case hex SHA-256 over the DER, 64 characters (gateway G86).
 *
 * @param certificate - DER bytes, or PEM text of which the first certificate counts
 * @throws Error when a text holds no PEM certificate: check untrusted text by `readCertificate`
 */
export function fingerprint(certificate: Uint8Array | string): string {
  const der = typeof certificate === 'string' ? pemToDer(certificate, 'CERTIFICATE') : certificate
  if (der === undefined) throw new Error('not a PEM certificate')
  return hash('sha256', der, 'hex')
}
