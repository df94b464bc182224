/**
 * The key that Cognito's own tokens are signed with (identities I83): made when it is first needed,
 * off the serving thread, and kept in the data folder.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  sign,
  type KeyObject,
} from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { promisify } from 'node:util'
import type { JsonWebKeyOf } from '@muster/iam'
import { writePrivateFile } from '../platform.ts'

/** Signs tokens once it is ready. */
export interface CognitoKey {
  /** Resolves when the key is there; cheap from then on. */
  ready(): Promise<void>
  /** @throws Error before {@link ready} */
  sign(claims: Readonly<Record<string, unknown>>): string
  /** The public half as a JWK; none before {@link ready}. */
  publicKeys(): readonly JsonWebKeyOf[]
  /** Forgets the key: no token that it signed counts after a reset (identities I64). */
  reset(): void
}

const MODULUS_BITS = 2048

/**
 * Opens the key of a data folder.
 *
 * @param file - where it is kept, mode 0600
 * @param kept - told when it was made
 */
export function openCognitoKey(
  file: string,
  region: string,
  kept: () => void = () => {},
): CognitoKey {
  const kid = `${region}-1`
  let key: KeyObject | undefined
  let keys: readonly JsonWebKeyOf[] = []
  const use = (privateKey: KeyObject): void => {
    key = privateKey
    const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
    keys = [{ ...jwk, kid, alg: 'RS512', use: 'sig' }]
  }
  if (existsSync(file)) use(readKey(file))
  let making: Promise<void> | undefined
  const make = async (): Promise<void> => {
    const pair = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' })
    writePrivateFile(`${file}.new`, pem)
    renameSync(`${file}.new`, file)
    kept()
    use(pair.privateKey)
    making = undefined
  }
  return {
    ready: async () => {
      if (key === undefined) await (making ??= make())
    },
    sign: (claims) => {
      if (key === undefined) throw new Error('tokens are signed once the key is ready')
      const head = encoded({ kid, typ: 'JWS', alg: 'RS512' })
      const signingInput = `${head}.${encoded(claims)}`
      const signature = sign('sha512', Buffer.from(signingInput), key)
      return `${signingInput}.${signature.toString('base64url')}`
    },
    publicKeys: () => keys,
    reset: () => {
      key = undefined
      keys = []
      rmSync(file, { force: true })
    },
  }
}

function readKey(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file))
  } catch (cause) {
    throw new Error(`\`${file}\` is no private key: remove it, and a new one is made`, { cause })
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
