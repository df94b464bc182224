/** A gateway's own keys, which never leave it: EC and RSA, so that every TLS 1.2 suite works (G5). */
import { createServerKeyAndRequest } from '@muster/pki/server-key'

/** In the same order. */
export interface GatewayKeys {
  /** PKCS #8 in PEM; secret. */
  readonly privateKeys: readonly string[]
  /** PKCS #10 in PEM. */
  readonly requests: readonly string[]
}

export async function createGatewayKeys(name: string): Promise<GatewayKeys> {
  const made = await Promise.all(
    (['EC', 'RSA'] as const).map((keyType) => createServerKeyAndRequest(keyType, name)),
  )
  return {
    privateKeys: made.map(({ privateKeyPem }) => privateKeyPem),
    requests: made.map(({ requestPem }) => requestPem),
  }
}
