/** OIDC providers of an account (identities I6): whose tokens a role may trust. */
import { fault, each, list, matching, object, text } from './fields.ts'
import type { JsonWebKeyOf, OidcProvider } from './iam-account.ts'
import { cognitoProvider } from '../trust/trust-policy.ts'

/** Reads a JWK set that lies beside the IAM file; throws when it cannot be read. */
export type ReadKeySet = (fileName: string) => string

/** Reads `oidcProviders[]`, by url without `https://`. */
export function readOidcProviders(
  value: unknown,
  path: string,
  accountId: string,
  readKeySet: ReadKeySet,
): ReadonlyMap<string, OidcProvider> {
  const providers = new Map<string, OidcProvider>()
  each(value, path, (item, place) => {
    const fields = object(item, place, ['url', 'clientIds', 'jwks', 'jwksFile'])
    const url = matching(
      fields.url,
      `${place}.url`,
      /^https:\/\/[^\s/?#:@]+(?:\/[^\s?#]*)?$/,
      'an https url without port and query',
    )
    const host = url.slice('https://'.length)
    if (host === cognitoProvider) fault(`${place}.url`, `\`${cognitoProvider}\` is built in`)
    if (providers.has(host)) fault(`${place}.url`, `\`${url}\` stands twice`)
    const clientIds = list(fields.clientIds, `${place}.clientIds`).map((id, index) =>
      matching(id, `${place}.clientIds[${index}]`, /^.{1,255}$/, '1 to 255 characters'),
    )
    if (clientIds.length < 1 || clientIds.length > 100) {
      fault(`${place}.clientIds`, `expected 1 to 100 client ids, found ${clientIds.length}`)
    }
    providers.set(host, {
      arn: `arn:aws:iam::${accountId}:oidc-provider/${host}`,
      url,
      clientIds,
      keys: readKeys(fields.jwks, fields.jwksFile, place, readKeySet),
    })
  })
  return providers
}

function readKeys(
  jwks: unknown,
  jwksFile: unknown,
  place: string,
  readKeySet: ReadKeySet,
): readonly JsonWebKeyOf[] {
  if ((jwks === undefined) === (jwksFile === undefined)) {
    fault(place, 'expected either `jwks` or `jwksFile`')
  }
  if (jwks !== undefined) return keysOf(jwks, `${place}.jwks`)
  const path = `${place}.jwksFile`
  const fileName = text(jwksFile, path)
  let set: unknown
  try {
    set = JSON.parse(readKeySet(fileName))
  } catch (cause) {
    fault(path, `\`${fileName}\` cannot be read: ${(cause as Error).message}`)
  }
  return keysOf(set, path)
}

function keysOf(value: unknown, path: string): readonly JsonWebKeyOf[] {
  const { keys } = object(value, path)
  if (keys === undefined) fault(path, 'expected a JWK set with `keys`')
  return each(keys, `${path}.keys`, (key, place) => {
    const fields = object(key, place)
    text(fields.kty, `${place}.kty`)
    if (fields.d !== undefined || fields.k !== undefined) {
      fault(place, 'expected a public key, found a private or shared one')
    }
    return fields
  })
}
