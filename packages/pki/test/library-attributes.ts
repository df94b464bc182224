/** Self-signed certificates with any names, by the X.509 library. */
import {
  ecdsa,
  SubjectAlternativeNameExtension,
  webcrypto,
  X509CertificateGenerator,
  type JsonName,
} from './library.ts'

/** Names of a certificate. */
export interface CertificateNames {
  readonly name: JsonName
  readonly alternativeNames: ConstructorParameters<typeof SubjectAlternativeNameExtension>[0]
}

/** PEM of a certificate with these names. */
export async function certificateByLibrary(names: CertificateNames): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: names.name,
      keys,
      signingAlgorithm: ecdsa,
      extensions: [new SubjectAlternativeNameExtension(names.alternativeNames)],
    },
    webcrypto,
  )
  return certificate.toString('pem')
}
