/**
 * Keys of devices that are made in the page and never sent: EC P-256 with a certificate request.
 * Loaded when the first is made, with the library that writes the request.
 */
// oxlint-disable-next-line import/no-unassigned-import -- the X.509 library needs it at load time
import 'reflect-metadata'
import { PemConverter, Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

/** A key and the request to certify it. */
export interface KeyAndCsr {
  /** PKCS #8; secret. */
  readonly privateKeyPem: string
  /** PKCS #10. */
  readonly csrPem: string
}

/** @param commonName - 1 to 64 characters, usually the thing's name */
export async function makeKeyAndCsr(commonName: string): Promise<KeyAndCsr> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  })
  const privateKey = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    privateKeyPem: `${PemConverter.encode(privateKey, 'PRIVATE KEY')}\n`,
    csrPem: csr.toString('pem'),
  }
}
