/**
 * A version 3 certificate laid out by hand and signed with ECDSA and SHA-256: those of devices, in
 * bulk, and those of servers and authorities, so that a start loads no ASN.1 library.
 */
import { hash, randomBytes, sign, type KeyObject } from 'node:crypto'
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

/** What a certificate says. */
export interface CertificateLayout {
  /** DER Name. */
  readonly issuer: Uint8Array
  /** DER Name. */
  readonly subject: Uint8Array
  /** Epoch milliseconds; seconds are all a certificate can say. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
  /** Made by {@link extension}, in order. */
  readonly extensions: readonly Uint8Array[]
}

const ecdsaWithSha256 = writeDer(derTag.sequence, writeDerOid('1.2.840.10045.4.3.2'))
const version3 = writeDer(0xa0, writeDerInteger(Uint8Array.of(2)))
const critical = writeDer(derTag.boolean, Uint8Array.of(0xff))

/** Signs a certificate with an EC key; the serial is random. @returns DER */
export function signedCertificate(layout: CertificateLayout, signingKey: KeyObject): Uint8Array {
  const { extensions, issuer, notAfterMs, notBeforeMs, publicKey, subject } = layout
  const tbs = writeDer(
    derTag.sequence,
    version3,
    writeDerInteger(serialNumber()),
    ecdsaWithSha256,
    issuer,
    writeDer(derTag.sequence, writeDerTime(notBeforeMs), writeDerTime(notAfterMs)),
    subject,
    publicKey,
    writeDer(0xa3, writeDer(derTag.sequence, ...extensions)),
  )
  const signature = sign('sha256', tbs, signingKey)
  return writeDer(derTag.sequence, tbs, ecdsaWithSha256, writeDerBitString(signature))
}

/** An extension that a reader may not know. */
export function extension(oid: string, value: Uint8Array): Uint8Array {
  return writeDer(derTag.sequence, writeDerOid(oid), writeDer(derTag.octetString, value))
}

/** An extension that a reader must know. */
export function criticalExtension(oid: string, value: Uint8Array): Uint8Array {
  return writeDer(derTag.sequence, writeDerOid(oid), critical, writeDer(derTag.octetString, value))
}

/** Basic constraints, critical. */
export function basicConstraints(isAuthority: boolean): Uint8Array {
  const content = isAuthority ? [writeDer(derTag.boolean, Uint8Array.of(0xff))] : []
  return criticalExtension('2.5.29.19', writeDer(derTag.sequence, ...content))
}

/**
 * Key usage, critical.
 *
 * @param bits - by RFC 5280 4.2.1.3: 0 digitalSignature, 2 keyEncipherment, 5 keyCertSign, 6 cRLSign
 */
export function keyUsage(...bits: readonly number[]): Uint8Array {
  const flags = bits.reduce((joined, bit) => joined | (0x80 >> bit), 0)
  const unused = 7 - Math.max(...bits)
  return criticalExtension('2.5.29.15', writeDer(derTag.bitString, Uint8Array.of(unused, flags)))
}

/** The subject key identifier of a public key: RFC 5280 4.2.1.2 (1), SHA-1 of its bits. */
export function subjectKeyIdentifier(publicKey: Uint8Array): Uint8Array {
  const [, bits] = readDerChildren(readDer(publicKey)?.content ?? publicKey) ?? []
  const digest = hash('sha1', bits?.content.subarray(1) ?? publicKey, 'buffer')
  return extension('2.5.29.14', writeDer(derTag.octetString, digest))
}

/** @param keyIdentifier - content of the authority's subject key identifier */
export function authorityKeyIdentifier(keyIdentifier: Uint8Array): Uint8Array {
  return extension('2.5.29.35', writeDer(derTag.sequence, writeDer(0x80, keyIdentifier)))
}

/** 160 bits, positive and of full length: RFC 5280 allows 20 octets. */
function serialNumber(): Uint8Array {
  const serial = randomBytes(20)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial
}
