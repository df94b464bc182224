/** An identity provider for tests: real keys, real signatures. */
import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import type { JsonWebKeyOf, VerifySignature } from '../src/index.ts'

const hashes: Readonly<Record<string, string>> = {
  '256': 'sha256',
  '384': 'sha384',
  '512': 'sha512',
}

/** Signs tokens under one key id. */
export class IdentityProvider {
  readonly #key: KeyObject
  readonly #alg: string
  readonly jwk: JsonWebKeyOf

  constructor(alg: 'RS256' | 'ES256' | 'RS512' = 'RS256', kid = 'k1') {
    const pair = alg.startsWith('RS')
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = pair.privateKey
    this.#alg = alg
    this.jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid }
  }

  token(claims: object, header: object = {}): string {
    const head = encoded({ alg: this.#alg, typ: 'JWT', kid: this.jwk.kid, ...header })
    const signingInput = `${head}.${encoded(claims)}`
    const hash = hashes[this.#alg.slice(2)]
    const signature = sign(hash, Buffer.from(signingInput), {
      key: this.#key,
      dsaEncoding: 'ieee-p1363',
    })
    return `${signingInput}.${signature.toString('base64url')}`
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** What a token claims. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Readonly<
    Record<string, unknown>
  >
}

/** Node's own verification. */
export const verifySignature: VerifySignature = ({ key, algorithm, signingInput, signature }) =>
  verify(
    hashes[algorithm.slice(2)],
    Buffer.from(signingInput),
    { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    signature,
  )
