/**
 * PKCS #10 certificate requests: taken apart, and their signature and key judged.
 */
import { Buffer } from 'node:buffer'
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'
import { derTag, readDer, readDerChildren, readDerOid } from './der.ts'
import { pemToDer } from './pem.ts'

/** What a certificate takes over from a request. */
export interface CertificateRequest {
  /** DER Name, as the device wrote it. */
  readonly subject: Uint8Array
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
}

/** Digest by signature algorithm; RSA-PSS requests are not issued by any device SDK. */
const digestOfSignature: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}

const curves: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1']

/**
 * Reads and judges a request: its signature proves possession of the key, and its key must be one
 * a device may connect with (gateway G7).
 *
 * @returns refusal `InvalidRequestException` for text that is not a PEM request, a signature that
 *   does not verify, RSA below 2048 bits, or a curve other than P-256, P-384 and P-521
 */
export function readCertificateRequest(csrPem: string): Outcome<CertificateRequest> {
  const der = pemToDer(csrPem, 'CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')
  const outer = der === undefined ? undefined : readDer(der)
  const whole = outer?.tag === derTag.sequence && outer.bytes.length === der?.length
  const parts = whole ? readDerChildren(outer.content) : undefined
  const [info, algorithm, signature, ...others] = parts ?? []
  const [, subject, publicKey] = (info && readDerChildren(info.content)) ?? []
  const [oid] = (algorithm && readDerChildren(algorithm.content)) ?? []
  if (
    info?.tag !== derTag.sequence ||
    others.length > 0 ||
    algorithm?.tag !== derTag.sequence ||
    oid?.tag !== derTag.oid ||
    signature?.tag !== derTag.bitString ||
    signature.content[0] !== 0 ||
    subject?.tag !== derTag.sequence ||
    publicKey?.tag !== derTag.sequence
  ) {
    return refused('it is not a PKCS #10 request in PEM')
  }
  const digest = digestOfSignature[readDerOid(oid.content)]
  if (digest === undefined) return refused('its signature must be RSA or ECDSA with SHA-2')
  const key = publicKeyOf(publicKey.bytes)
  if (key === undefined) return refused('its public key cannot be read')
  const weakness = weaknessOf(key)
  if (weakness !== undefined) return refused(weakness)
  if (!verifies(digest, info.bytes, key, signature.content.subarray(1))) {
    return refused('its signature does not verify')
  }
  return accept({ subject: subject.bytes, publicKey: publicKey.bytes })
}

/** Why AWS would not take a key for a device, or undefined when it would (gateway G7). */
export function weaknessOf(key: KeyObject): string | undefined {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'rsa') {
    return (details?.modulusLength ?? 0) >= 2048 ? undefined : 'an RSA key needs 2048 bits or more'
  }
  if (key.asymmetricKeyType === 'ec') {
    return curves.includes(details?.namedCurve ?? '')
      ? undefined
      : 'the curve of an EC key must be P-256, P-384 or P-521'
  }
  return 'the key must be RSA or EC'
}

function refused(why: string): Outcome<never> {
  return refuse('InvalidRequestException', `The certificate signing request is not valid: ${why}`)
}

function publicKeyOf(der: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

function verifies(digest: string, data: Uint8Array, key: KeyObject, sig: Uint8Array): boolean {
  try {
    return verify(digest, data, key, sig)
  } catch {
    return false
  }
}
