/** Signatures of identity providers' tokens, checked by Node (identities I57). */
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { JsonWebKeyOf, VerifySignature } from '@muster/iam'

const hashes = { '256': 'sha256', '384': 'sha384', '512': 'sha512' } as const

/** Keys of the account's providers live as long as the account that holds them. */
const keyObjects = new WeakMap<JsonWebKeyOf, KeyObject | null>()

/** Checks one signature; false, too, for a key that Node cannot read. */
export const verifyTokenSignature: VerifySignature = ({
  key,
  algorithm,
  signingInput,
  signature,
}) => {
  const publicKey = keyObject(key)
  if (publicKey === null) return false
  const hash = hashes[algorithm.slice(2) as keyof typeof hashes]
  // JWTs carry the two numbers of an EC signature side by side, not in DER.
  const options = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  return verify(hash, Buffer.from(signingInput), options, signature)
}

function keyObject(key: JsonWebKeyOf): KeyObject | null {
  const known = keyObjects.get(key)
  if (known !== undefined) return known
  let made: KeyObject | null = null
  try {
    made = createPublicKey({ key, format: 'jwk' })
  } catch {
    // a key that is none fits no token
  }
  keyObjects.set(key, made)
  return made
}
