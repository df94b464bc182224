/**
 * What registering a certificate must know of it.
 */
import { Buffer } from 'node:buffer'
import { X509Certificate as NodeCertificate } from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'
import { weaknessOf } from './certificate-request.ts'
import { readDer, readDerChildren } from './der.ts'
import { fingerprint } from './fingerprint.ts'
import { derToPem } from './pem.ts'
import { isAcceptedSignature } from './signature-algorithm.ts'
import { x509Library } from './x509-library.ts'

const commonNameOid = '2.5.4.3'

/** A certificate somebody showed, read but not judged by any authority. */
export interface CertificateFacts {
  /** 64 lower-case hex characters (gateway G86). */
  readonly certificateId: string
  /** The leaf alone, armoured anew. */
  readonly certificatePem: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** Basic constraints say CA:TRUE. */
  readonly isAuthority: boolean
  /** Hex of the DER Name; equal names compare equal. */
  readonly subject: string
  /** Hex of the DER Name. */
  readonly issuer: string
  /** First common name of the subject. */
  readonly commonName?: string
}

/**
 * Reads a certificate.
 *
 * @param certificate - PEM of which the first certificate counts, or DER
 * @returns refusal `CertificateValidationException` for what is no certificate, and for keys and
 *   signatures that no device can connect with (gateway G7)
 */
export function readCertificate(certificate: string | Uint8Array): Outcome<CertificateFacts> {
  let parsed: NodeCertificate
  try {
    parsed = new NodeCertificate(certificate)
    const weakness = weaknessOf(parsed.publicKey)
    if (weakness !== undefined) return invalid(weakness)
  } catch {
    return invalid('it is not an X.509 certificate in PEM')
  }
  const tbs = readDer(readDer(parsed.raw)?.content ?? parsed.raw)
  const fields = (tbs && readDerChildren(tbs.content)) ?? []
  // Version 1 certificates leave the version out.
  const first = fields[0]?.tag === 0xa0 ? 1 : 0
  const signature = fields[first + 1]?.content
  const issuer = fields[first + 2]?.bytes
  const subject = fields[first + 4]?.bytes
  if (issuer === undefined || subject === undefined) return invalid('its names cannot be read')
  if (signature === undefined || !isAcceptedSignature(signature)) {
    return invalid('its signature must be RSA, RSA-PSS or ECDSA with SHA-256, SHA-384 or SHA-512')
  }
  const commonName = commonNameIn(subject)
  return accept({
    certificateId: fingerprint(parsed.raw),
    certificatePem: derToPem(parsed.raw, 'CERTIFICATE'),
    notBeforeMs: parsed.validFromDate.getTime(),
    notAfterMs: parsed.validToDate.getTime(),
    isAuthority: parsed.ca,
    subject: Buffer.from(subject).toString('hex'),
    issuer: Buffer.from(issuer).toString('hex'),
    ...(commonName === undefined ? {} : { commonName }),
  })
}

/**
 * Whether the authority's key signed the certificate and its name is the issuer.
 *
 * @returns false also for text that is no certificate
 */
export function isSignedBy(certificatePem: string, authorityPem: string): boolean {
  try {
    const certificate = new NodeCertificate(certificatePem)
    const authority = new NodeCertificate(authorityPem)
    return certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
  } catch {
    return false
  }
}

/** Also when it shares its relative name with other attributes, which Node's text runs together. */
function commonNameIn(subject: Uint8Array): string | undefined {
  try {
    const { Name } = x509Library()
    return new Name(new Uint8Array(subject)).getField(commonNameOid)[0]
  } catch {
    return undefined // a name that the library cannot read is nobody's
  }
}

function invalid(why: string): Outcome<never> {
  return refuse('CertificateValidationException', `The certificate is not valid: ${why}`)
}
