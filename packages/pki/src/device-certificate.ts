/**
 * Device certificates as AWS issues them (gateway G87), laid out by hand for bulk issue.
 */
import { Buffer } from 'node:buffer'
import { createPublicKey, hash, randomBytes, sign } from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'
import type { Authority } from './authority.ts'
import { readCertificateRequest, weaknessOf } from './certificate-request.ts'
import {
  derTag,
  readDer,
  readDerChildren,
  writeDer,
  writeDerBitString,
  writeDerInteger,
  writeDerOid,
  writeDerTime,
} from './der.ts'
import { fingerprint } from './fingerprint.ts'
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

const commonNameOid = '2.5.4.3'
const ecdsaWithSha256 = writeDer(derTag.sequence, writeDerOid('1.2.840.10045.4.3.2'))
const version3 = writeDer(0xa0, writeDerInteger(Uint8Array.of(2)))
const emptyName = writeDer(derTag.sequence)
const defaultSubject = writeDer(
  derTag.sequence,
  writeDer(
    derTag.set,
    writeDer(
      derTag.sequence,
      writeDerOid(commonNameOid),
      writeDer(derTag.utf8String, Buffer.from('AWS IoT Certificate')),
    ),
  ),
)
const critical = writeDer(0x01, Uint8Array.of(0xff))
const notAnAuthority = extension('2.5.29.19', writeDer(derTag.sequence), critical)
/** digitalSignature: bit 0 of one byte with seven unused bits. */
const digitalSignature = extension(
  '2.5.29.15',
  writeDer(derTag.bitString, Uint8Array.of(7, 0x80)),
  critical,
)

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
  const authorityKey = writeDer(0x80, authority.keyIdentifier)
  const tbs = writeDer(
    derTag.sequence,
    version3,
    writeDerInteger(serialNumber()),
    ecdsaWithSha256,
    authority.subject,
    writeDer(derTag.sequence, writeDerTime(notBeforeMs), writeDerTime(notAfterMs)),
    subject,
    publicKey,
    writeDer(
      0xa3,
      writeDer(
        derTag.sequence,
        extension('2.5.29.35', writeDer(derTag.sequence, authorityKey)),
        extension('2.5.29.14', writeDer(derTag.octetString, keyIdentifierOf(publicKey))),
        notAnAuthority,
        digitalSignature,
      ),
    ),
  )
  const signature = sign('sha256', tbs, authority.signingKey)
  const der = writeDer(derTag.sequence, tbs, ecdsaWithSha256, writeDerBitString(signature))
  return {
    certificateId: fingerprint(der),
    certificatePem: derToPem(der, 'CERTIFICATE'),
    notBeforeMs,
    notAfterMs,
  }
}

/** 160 bits, positive and of full length: RFC 5280 allows 20 octets. */
function serialNumber(): Uint8Array {
  const serial = randomBytes(20)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial
}

/** RFC 5280 4.2.1.2 (1): SHA-1 of the subjectPublicKey's bits. */
function keyIdentifierOf(publicKey: Uint8Array): Uint8Array {
  const [, bits] = readDerChildren(readDer(publicKey)?.content ?? publicKey) ?? []
  return hash('sha1', bits?.content.subarray(1) ?? publicKey, 'buffer')
}

function extension(oid: string, value: Uint8Array, ...flags: Uint8Array[]): Uint8Array {
  return writeDer(derTag.sequence, writeDerOid(oid), ...flags, writeDer(derTag.octetString, value))
}
