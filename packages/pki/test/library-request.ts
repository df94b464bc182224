/** Certificate requests by the X.509 library, for keys that our own device helper does not make. */
import { webcrypto } from './library.ts'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

/** What WebCrypto needs to make a key. */
export interface KeyAlgorithm {
  readonly name: string
  readonly namedCurve?: string
  readonly modulusLength?: number
  readonly publicExponent?: Uint8Array<ArrayBuffer>
}

/** PEM of a request `CN=d` over a fresh key. */
export async function requestByLibrary(algorithm: KeyAlgorithm, hash: string): Promise<string> {
  const signing = { ...algorithm, hash }
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name: 'CN=d', keys, signingAlgorithm: signing },
    webcrypto,
  )
  return request.toString('pem')
}
