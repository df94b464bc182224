/**
 * The X.509 library as tests use it: with what it needs at load time, and keys between PEM and WebCrypto.
 */
// oxlint-disable-next-line import/no-unassigned-import -- the polyfill is all side effect
import 'reflect-metadata'
import { createPublicKey, webcrypto as nodeWebCrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type JsonName,
} from '@peculiar/x509'
import { pemToDer } from '../src/pem.ts'

// The polyfill must be loaded before the library: every other file takes the library from here.
export {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type JsonName,
}

/** The two halves of one key. */
export interface KeyHalves {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

/** Node's WebCrypto, typed as the library wants it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- needed where a program has the DOM's types too
export const webcrypto: Crypto = nodeWebCrypto as Crypto

/** EC P-256 with SHA-256: the authority's and our devices' algorithm. */
export const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** The WebCrypto key pair of an EC P-256 private key in PKCS #8 PEM. */
export async function importEcKeyPair(privateKeyPem: string): Promise<KeyHalves> {
  const pkcs8 = pemToDer(privateKeyPem, 'PRIVATE KEY')
  if (pkcs8 === undefined) throw new Error('not a PKCS #8 private key in PEM')
  const spki = createPublicKey(privateKeyPem).export({ format: 'der', type: 'spki' })
  const { subtle } = webcrypto
  return {
    privateKey: await subtle.importKey('pkcs8', Uint8Array.from(pkcs8), ecdsa, true, ['sign']),
    publicKey: await subtle.importKey('spki', Uint8Array.from(spki), ecdsa, true, ['verify']),
  }
}
