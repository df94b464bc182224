/** Certificates by the signatures on them, made by the X.509 library. */
import { expect, it } from 'vitest'
import { readCertificate } from '../src/index.ts'
import { webcrypto, X509CertificateGenerator } from './library.ts'

const rsa = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }

async function selfSigned(name: string, hash: string): Promise<string> {
  const signingAlgorithm = {
    ...(name === 'ECDSA' ? { name, namedCurve: 'P-256' } : { name, ...rsa }),
    hash,
    saltLength: 32,
  }
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=dev', keys, signingAlgorithm },
    webcrypto,
  )
  return certificate.toString('pem')
}

it.each([
  ['RSASSA-PKCS1-v1_5', 'SHA-256', true],
  ['RSASSA-PKCS1-v1_5', 'SHA-384', true],
  ['RSASSA-PKCS1-v1_5', 'SHA-512', true],
  ['RSASSA-PKCS1-v1_5', 'SHA-1', false],
  ['RSA-PSS', 'SHA-256', true],
  ['RSA-PSS', 'SHA-384', true],
  ['RSA-PSS', 'SHA-512', true],
  ['RSA-PSS', 'SHA-1', false],
  ['ECDSA', 'SHA-256', true],
  ['ECDSA', 'SHA-384', true],
  ['ECDSA', 'SHA-512', true],
  ['ECDSA', 'SHA-1', false],
])('gateway G7: a certificate signed by %s with %s is taken: %j', async (name, hash, taken) => {
  const outcome = readCertificate(await selfSigned(name, hash))
  expect(outcome.ok).toBe(taken)
  if (!outcome.ok) expect(outcome.error.message).toContain('signature')
})
