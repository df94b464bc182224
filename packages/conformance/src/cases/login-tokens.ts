/**
 * Login providers of a case: their keys, and the tokens they would give.
 */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { Json, JsonObject } from '../scenario-format.ts'
import type { LoginProviderSetup } from './case-format.ts'

interface Provider extends LoginProviderSetup {
  readonly privateKey: KeyObject
  /** Signs under the same key id, with a key that nobody declared. */
  readonly strangerKey: KeyObject
  readonly publicKey: KeyObject
}

/** How long a token lives unless its claims say otherwise. */
const LIFETIME_SECONDS = 3600

/** The providers of one case. */
export class LoginProviders {
  readonly #providers: ReadonlyMap<string, Provider>

  constructor(setups: Readonly<Record<string, LoginProviderSetup>>) {
    this.#providers = new Map(
      Object.entries(setups).map(([name, setup]) => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        const { privateKey: strangerKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        return [name, { ...setup, privateKey, publicKey, strangerKey }]
      }),
    )
  }

  /** The providers as an IAM file declares them. */
  declarations(): readonly JsonObject[] {
    return [...this.#providers].map(([name, { url, clientIds, publicKey }]) => ({
      url,
      clientIds,
      jwks: {
        keys: [
          {
            ...(publicKey.export({ format: 'jwk' }) as JsonObject),
            kid: name,
            alg: 'RS256',
            use: 'sig',
          },
        ],
      },
    }))
  }

  /**
   * A compact JWT.
   *
   * @param wanted - `{provider, claims, alg, signedBy}` of the file
   * @throws Error when the case has no such provider
   */
  token(wanted: Json, nowMs: number): string {
    const {
      provider: name = '',
      claims = {},
      alg = 'RS256',
      signedBy,
    } = wanted as {
      provider?: string
      claims?: JsonObject
      alg?: string
      signedBy?: string
    }
    const provider = this.#providers.get(name)
    if (provider === undefined) throw new Error(`no login provider \`${name}\``)
    const iat = Math.floor(nowMs / 1000)
    const header = encoded({ alg, typ: 'JWT', kid: name })
    const body = encoded({ iss: provider.url, iat, exp: iat + LIFETIME_SECONDS, ...claims })
    if (alg === 'none') return `${header}.${body}.`
    const key = signedBy === 'stranger' ? provider.strangerKey : provider.privateKey
    const signature = sign('sha256', Buffer.from(`${header}.${body}`), key).toString('base64url')
    return `${header}.${body}.${signature}`
  }
}

function encoded(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
