/** Signatures of tokens (identities I57): which key, which algorithm, and who computes it. */
import type { JsonWebKeyOf } from '../account/iam-account.ts'
import type { JsonWebToken } from './json-web-token.ts'

/** Algorithms that are taken; `none` and HMAC never are. */
export type SignatureAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512'

const algorithms: readonly string[] = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']

/** Checks one signature with one public key; false, too, for a key that does not fit. */
export type VerifySignature = (question: {
  readonly key: JsonWebKeyOf
  readonly algorithm: SignatureAlgorithm
  readonly signingInput: string
  readonly signature: Uint8Array
}) => boolean

/** Whether one of the provider's keys signed the token. */
export function isSignedBy(
  token: JsonWebToken,
  keys: readonly JsonWebKeyOf[],
  verify: VerifySignature,
  rsaOnly = false,
): boolean {
  if (!algorithms.includes(token.alg) || (rsaOnly && !token.alg.startsWith('RS'))) return false
  const algorithm = token.alg as SignatureAlgorithm
  const type = algorithm.startsWith('RS') ? 'RSA' : 'EC'
  const fitting = keys.filter(
    (key) => key.kty === type && (token.kid === undefined || key.kid === token.kid),
  )
  const { signingInput, signature } = token
  return fitting.some((key) => verify({ key, algorithm, signingInput, signature }))
}
