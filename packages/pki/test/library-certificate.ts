/** The same certificate by the X.509 library, field by field from one that was issued. */
import { X509Certificate as NodeCertificate } from 'node:crypto'
import type { Authority, IssuedCertificate } from '../src/index.ts'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ecdsa,
  importEcKeyPair,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  webcrypto,
  X509Certificate,
  X509CertificateGenerator,
} from './library.ts'

/** PEM of the certificate that the library makes of the same facts. */
export async function issuedByLibrary(
  authority: Authority,
  issued: IssuedCertificate,
): Promise<string> {
  const keys = await importEcKeyPair(authority.privateKeyPem)
  const parsed = new X509Certificate(issued.certificatePem)
  const root = new X509Certificate(authority.certificatePem)
  const spki = new NodeCertificate(issued.certificatePem).publicKey.export({
    format: 'der',
    type: 'spki',
  })
  const publicKey = Uint8Array.from(spki)
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: parsed.serialNumber,
      subject: parsed.subjectName,
      issuer: root.subjectName,
      notBefore: new Date(issued.notBeforeMs),
      notAfter: new Date(issued.notAfterMs),
      signingAlgorithm: ecdsa,
      publicKey,
      signingKey: keys.privateKey,
      extensions: [
        await AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ],
    },
    webcrypto,
  )
  return certificate.toString('pem')
}
