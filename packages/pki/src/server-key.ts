/**
 * Keys of servers whose authority is elsewhere: nothing here issues certificates, nor loads what does.
 */
import { generateKeyPair, X509Certificate, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { commonNameOnly, requestFor } from './key-request.ts'

export type ServerKeyType = 'EC' | 'RSA'

const renewalMs = 30 * 86_400_000
const makeKeyPair = promisify(generateKeyPair)

/** A key that stays where it was made, and the request to certify it. */
export interface ServerKeyAndRequest {
  /** PKCS #8; secret. */
  readonly privateKeyPem: string
  /** PKCS #10 in PEM. */
  readonly requestPem: string
}

/** Makes a server's key (on libuv's pool) where the authority is elsewhere. */
export async function createServerKeyAndRequest(
  keyType: ServerKeyType,
  commonName: string,
): Promise<ServerKeyAndRequest> {
  const keys = await makeServerKeys(keyType)
  return {
    privateKeyPem: keys.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    requestPem: requestFor(commonNameOnly(commonName), keys),
  }
}

/** Makes a server's key, on libuv's pool. */
export function makeServerKeys(
  keyType: ServerKeyType,
): Promise<Record<'publicKey' | 'privateKey', KeyObject>> {
  return keyType === 'RSA'
    ? makeKeyPair('rsa', { modulusLength: 2048 })
    : makeKeyPair('ec', { namedCurve: 'P-256' })
}

/** Whether a certificate, PEM, is within 30 days of its end: time for another one. */
export function endsSoon(certificatePem: string, nowMs: number): boolean {
  return new X509Certificate(certificatePem).validToDate.getTime() - nowMs < renewalMs
}
