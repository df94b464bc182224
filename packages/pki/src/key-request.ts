/** PKCS #10 requests for keys of one's own. */
import { sign, type KeyObject } from 'node:crypto'
import { derTag, writeDer, writeDerBitString, writeDerInteger, writeDerOid } from './der.ts'
import { derToPem } from './pem.ts'

const ecdsaWithSha256 = writeDer(derTag.sequence, writeDerOid('1.2.840.10045.4.3.2'))
const rsaWithSha256 = writeDer(
  derTag.sequence,
  writeDerOid('1.2.840.113549.1.1.11'),
  writeDer(derTag.null),
)

/**
 * The request, in PEM, to certify an EC or RSA key.
 *
 * @param name - DER Name
 */
export function requestFor(
  name: Uint8Array,
  { publicKey, privateKey }: Readonly<Record<'publicKey' | 'privateKey', KeyObject>>,
): string {
  const info = writeDer(
    derTag.sequence,
    writeDerInteger(Uint8Array.of(0)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    writeDer(0xa0),
  )
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? rsaWithSha256 : ecdsaWithSha256
  const signature = writeDerBitString(sign('sha256', info, privateKey))
  const csr = writeDer(derTag.sequence, info, algorithm, signature)
  return derToPem(csr, 'CERTIFICATE REQUEST')
}

/** A DER Name of a common name alone. */
export function commonNameOnly(commonName: string): Uint8Array {
  const value = writeDer(derTag.utf8String, new TextEncoder().encode(commonName))
  const pair = writeDer(derTag.sequence, writeDerOid('2.5.4.3'), value)
  return writeDer(derTag.sequence, writeDer(derTag.set, pair))
}
