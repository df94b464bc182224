/**
 * Device certificates. They are laid out by hand for speed, so besides the rules a differential
 * test holds every byte that is signed against the X.509 library.
 */
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { fc, test } from './property.ts'
import { describe, expect, it } from 'vitest'
import {
  createAuthority,
  createDeviceKeyAndCsr,
  createRsaKeyPair,
  deviceNotAfterMs,
  fingerprint,
  issueDeviceCertificate,
  issueKeyCertificate,
} from '../src/index.ts'
import { readDer } from '../src/der.ts'
import { pemToDer } from '../src/pem.ts'
import { issuedByLibrary } from './library-certificate.ts'

const nowMs = Date.UTC(2026, 10, 22, 6, 7, 8, 900)
const authority = await createAuthority({ nowMs })

describe('device certificate', () => {
  it('gateway G86: the id is the lower-case hex SHA-256 of the DER', () => {
    const issued = issue('d')
    const der = new X509Certificate(issued.certificatePem).raw
    expect(issued.certificateId).toBe(createHash('sha256').update(der).digest('hex'))
    expect(fingerprint(issued.certificatePem)).toBe(issued.certificateId)
    expect(fingerprint(der)).toBe(issued.certificateId)
  })

  it('gateway G87: ends on 2049-12-31T23:59:59Z, keeps the subject, is no authority', () => {
    const issued = issue('thermostat')
    const certificate = new X509Certificate(issued.certificatePem)
    expect(certificate.validToDate.toISOString()).toBe('2049-12-31T23:59:59.000Z')
    expect(certificate.validToDate.getTime()).toBe(issued.notAfterMs)
    expect(certificate.validFromDate.getTime()).toBe(issued.notBeforeMs)
    expect(certificate.subject).toBe('CN=thermostat')
    expect(certificate.ca).toBe(false)
    const root = new X509Certificate(authority.certificatePem)
    expect(certificate.checkIssued(root) && certificate.verify(root.publicKey)).toBe(true)
  })

  it('gateway G87: the same request twice gives two certificates', () => {
    const { csrPem } = createDeviceKeyAndCsr({ commonName: 'd' })
    const [one, two] = [0, 1].map(() => issueDeviceCertificate(authority, csrPem, { nowMs }))
    expect(one?.ok === true && two?.ok === true).toBe(true)
    expect(one).not.toEqual(two)
  })

  it('gateway G87: a key pair of the service is RSA-2048, named AWS IoT Certificate', async () => {
    const pair = await createRsaKeyPair()
    const issued = issueKeyCertificate(authority, pair.publicKeyPem, { nowMs })
    const certificate = new X509Certificate(issued.ok ? issued.value.certificatePem : '')
    expect(certificate.subject).toBe('CN=AWS IoT Certificate')
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(pair.privateKeyPem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
  })

  it('gateway G7: a weak or strange public key is refused', () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    const strange = generateKeyPairSync('ed25519').publicKey
    for (const key of [small, strange]) {
      const pem = key.export({ format: 'pem', type: 'spki' })
      expect(issueKeyCertificate(authority, pem, { nowMs })).toMatchObject({
        ok: false,
        error: { code: 'InvalidRequestException' },
      })
    }
    expect(issueKeyCertificate(authority, 'no key', { nowMs }).ok).toBe(false)
  })

  test.prop(
    {
      commonName: fc.string({ minLength: 1, maxLength: 64 }),
      startsAtMs: fc.integer({ min: Date.UTC(1999, 0), max: Date.UTC(2060, 0) }),
      lifetimeMs: fc.integer({ min: 1000, max: 3e12 }),
    },
    { numRuns: 40 },
  )('signs the bytes that the X.509 library would', async (given) => {
    const { commonName, lifetimeMs, startsAtMs } = given
    const { csrPem } = createDeviceKeyAndCsr({ commonName })
    const notAfterMs = Math.floor((startsAtMs + lifetimeMs) / 1000) * 1000
    const issued = issueDeviceCertificate(authority, csrPem, { nowMs: startsAtMs, notAfterMs })
    if (!issued.ok) throw new Error(issued.error.message)
    const expected = await issuedByLibrary(authority, issued.value)
    expect(signedPart(issued.value.certificatePem)).toEqual(signedPart(expected))
  })
})

it('the default end is the last second of 2049', () => {
  expect(new Date(deviceNotAfterMs).toISOString()).toBe('2049-12-31T23:59:59.000Z')
})

function issue(commonName: string): { certificateId: string; certificatePem: string } & {
  notBeforeMs: number
  notAfterMs: number
} {
  const { csrPem } = createDeviceKeyAndCsr({ commonName })
  const issued = issueDeviceCertificate(authority, csrPem, { nowMs })
  if (!issued.ok) throw new Error(issued.error.message)
  return issued.value
}

/** TBSCertificate as hex: signatures are random. */
function signedPart(pem: string): string {
  const der = pemToDer(pem, 'CERTIFICATE') ?? new Uint8Array()
  const tbs = readDer(readDer(der)?.content ?? der)
  return Buffer.from(tbs?.bytes ?? der).toString('hex')
}
