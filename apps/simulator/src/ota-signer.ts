/**
 * Who signs the firmware of a simulated fleet: a key made from the run's seed, so that the operator has
 * it and every worker process knows its public half. It guards nothing.
 */
import { createECDH, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'

/** How the devices call what they check signatures with. */
export const SIGNER_NAME = 'simulated-signer'

/** The key of a run. */
export interface OtaSigner {
  readonly publicKeyPem: string
  /** ECDSA over SHA-256, in base64. */
  sign(content: Buffer): string
}

/** Makes the signer of a seed, the same each time. */
export function otaSigner(seed: number): OtaSigner {
  const ecdh = createECDH('prime256v1')
  const d = createHash('sha256').update(`firmware of the fleet ${seed}`).digest()
  ecdh.setPrivateKey(d)
  const point = ecdh.getPublicKey()
  const key = {
    kty: 'EC',
    crv: 'P-256',
    d: d.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const privateKey = createPrivateKey({ format: 'jwk', key })
  const publicKeyPem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' })
  return {
    publicKeyPem,
    sign: (content) => sign('sha256', content, privateKey).toString('base64'),
  }
}
