/** Where Cognito's tokens can be verified by others (identities I83). */
import type { Answer } from '@muster/aws-protocol'
import { tokenIssuer } from '@muster/cognito'
import type { Mount } from '../mount.ts'
import type { CognitoKey } from './cognito-key.ts'

/** Mounts the OpenID configuration and the key set. */
export function wellKnownMount(key: CognitoKey): Mount {
  return {
    prefix: '/.well-known/',
    guarded: false,
    bodyBytesMax: 0,
    answer: async (_, path) => {
      if (path === 'openid-configuration') {
        return json({
          issuer: tokenIssuer,
          jwks_uri: `${tokenIssuer}/.well-known/jwks_uri`,
          response_types_supported: ['token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS512'],
        })
      }
      if (path !== 'jwks_uri') return { ...json({ message: 'Not found' }), status: 404 }
      await key.ready()
      return json({ keys: key.publicKeys() })
    },
  }
}

function json(value: object): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  }
}
