/**
 * Device certificates as AWS issues them (gateway G87), laid out by hand for bulk issue.
 */
import { createPublicKey } from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'
import type { Authority } from './authority.ts'
import { readCertificateRequest, weaknessOf } from './certificate-request.ts'
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  signedCertificate,
  subjectKeyIdentifier,
} from './certificate-layout.ts'
import { derTag, writeDer } from './der.ts'
import { fingerprint } from './fingerprint.ts'
import { commonNameOnly } from './key-request.ts'
import { derToPem } from './pem.ts'

/** When AWS's device certificates end: 2049-12-31T23:59:59Z (gateway G87). */
export const deviceNotAfterMs: number = Date.UTC(2049, 11, 31, 23, 59, 59)

/** A certificate just signed. */
export interface IssuedCertificate {
  /** 64 lower-case hex characters. */
  readonly certificateId: string
  readonly certificatePem: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** Settings of one issue. */
export interface DeviceCertificateOptions {
  /** Epoch milliseconds; validity starts two minutes before, as AWS's does. */
  readonly nowMs: number
  /** Epoch milliseconds, default {@link deviceNotAfterMs}. */
  readonly notAfterMs?: number
}

/**
 * Certifies a device's own key. The subject is that of the request, or
 * `CN=AWS IoT Certificate` when it has none; the serial is random, so the same request twice gives
 * two certificates (gateway G87).
 *
 * @returns refusal `InvalidRequestException` for a request that cannot be read or does not verify
 */
export function issueDeviceCertificate(
  authority: Authority,
  csrPem: string,
  options: DeviceCertificateOptions,
): Outcome<IssuedCertificate> {
  const request = readCertificateRequest(csrPem)
  if (!request.ok) return request
  return accept(issue(authority, request.value.subject, request.value.publicKey, options))
}

/**
 * Certifies a public key that the service made itself: subject `CN=AWS IoT Certificate`.
 *
 * @param publicKeyPem - SubjectPublicKeyInfo
 * @returns refusal `InvalidRequestException` for a key no device may connect with (gateway G7)
 */
export function issueKeyCertificate(
  authority: Authority,
  publicKeyPem: string,
  options: DeviceCertificateOptions,
): Outcome<IssuedCertificate> {
  try {
    const key = createPublicKey(publicKeyPem)
    const weakness = weaknessOf(key)
    if (weakness !== undefined) return refuse('InvalidRequestException', weakness)
    const publicKey = key.export({ format: 'der', type: 'spki' })
    return accept(issue(authority, defaultSubject, publicKey, options))
  } catch (cause) {
    return refuse('InvalidRequestException', `The public key cannot be read: ${String(cause)}`)
  }
}

const emptyName = writeDer(derTag.sequence)
const defaultSubject = commonNameOnly('AWS IoT Certificate')
const notAnAuthority = basicConstraints(false)
const digitalSignature = keyUsage(0)

function issue(
  authority: Authority,
  requestedSubject: Uint8Array,
  publicKey: Uint8Array,
  options: DeviceCertificateOptions,
): IssuedCertificate {
  // Seconds are all a certificate can say; the record must not claim more.
  const notBeforeMs = Math.floor(options.nowMs / 1000) * 1000 - 120_000
  const notAfterMs = options.notAfterMs ?? deviceNotAfterMs
  const subject = requestedSubject.length > emptyName.length ? requestedSubject : defaultSubject
  const der = signedCertificate(
    {
      issuer: authority.subject,
      subject,
      notBeforeMs,
      notAfterMs,
      publicKey,
      extensions: [
        authorityKeyIdentifier(authority.keyIdentifier),
        subjectKeyIdentifier(publicKey),
        notAnAuthority,
        digitalSignature,
      ],
    },
    authority.signingKey,
  )
  return {
    certificateId: fingerprint(der),
    certificatePem: derToPem(der, 'CERTIFICATE'),
    notBeforeMs,
    notAfterMs,
  }
}
