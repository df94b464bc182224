/** Requests: what is taken, what is refused, and that nothing a caller sends can throw. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createDeviceKeyAndCsr, readCertificateRequest } from '../src/index.ts'
import { derToPem, pemToDer } from '../src/pem.ts'
import { requestByLibrary, type KeyAlgorithm } from './library-request.ts'
import { fc, test } from './property.ts'

const { csrPem } = createDeviceKeyAndCsr({ commonName: 'd' })
const der = pemToDer(csrPem, 'CERTIFICATE REQUEST') ?? new Uint8Array()
const asPem = (bytes: Uint8Array): string => derToPem(bytes, 'CERTIFICATE REQUEST')

describe('certificate request', () => {
  it.each([
    ['P-256', { name: 'ECDSA', namedCurve: 'P-256' }, 'SHA-256'],
    ['P-384', { name: 'ECDSA', namedCurve: 'P-384' }, 'SHA-384'],
    ['P-521', { name: 'ECDSA', namedCurve: 'P-521' }, 'SHA-512'],
    ['RSA-2048', rsa(2048), 'SHA-256'],
    ['RSA-3072', rsa(3072), 'SHA-512'],
  ])('gateway G7: takes %s', async (_name, algorithm, hash) => {
    const pem = await requestByLibrary(algorithm, hash)
    expect(readCertificateRequest(pem)).toMatchObject({ ok: true })
  })

  it('gateway G7: refuses RSA-1024', async () => {
    const pem = await requestByLibrary(rsa(1024), 'SHA-256')
    expectRefused(pem, /2048 bits/)
  })

  it.each([
    ['nothing', ''],
    ['prose', 'not a request'],
    ['a key', generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' })],
    [
      'armour without content',
      '-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----',
    ],
    ['a truncated request', asPem(der.subarray(0, der.length - 20))],
    ['an empty sequence', asPem(Uint8Array.of(0x30, 0))],
  ])('refuses %s', (_name, pem) => {
    expectRefused(pem, /certificate signing request is not valid/)
  })

  it('takes the older label, and text around the armour', () => {
    const older = csrPem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')
    expect(readCertificateRequest(`Subject: d\n${older}\n`).ok).toBe(true)
    expect(readCertificateRequest(csrPem.replaceAll('\n', '\r\n')).ok).toBe(true)
  })

  it('refuses a request whose subject was changed after signing', () => {
    const forged = Uint8Array.from(der)
    const at = Buffer.from(der).indexOf('d', 20)
    forged[at] = 'e'.charCodeAt(0)
    expectRefused(asPem(forged), /signature/)
  })

  test.prop(
    { at: fc.nat(der.length - 1), byte: fc.nat(255), keep: fc.nat(der.length) },
    { numRuns: 300 },
  )('a changed byte or a cut never throws and never passes', ({ at, byte, keep }) => {
    const changed = Uint8Array.from(der)
    fc.pre(changed[at] !== byte)
    changed[at] = byte
    expect(readCertificateRequest(asPem(changed)).ok).toBe(false)
    if (keep < der.length) {
      expect(readCertificateRequest(asPem(der.subarray(0, keep))).ok).toBe(false)
    }
  })

  test.prop({ bytes: fc.uint8Array({ maxLength: 200 }), text: fc.string() }, { numRuns: 300 })(
    'random bytes and text never throw',
    ({ bytes, text }) => {
      expect(readCertificateRequest(asPem(bytes)).ok).toBe(false)
      expect(readCertificateRequest(text).ok).toBe(false)
    },
  )
})

function rsa(modulusLength: number): KeyAlgorithm {
  const publicExponent = Uint8Array.of(1, 0, 1)
  return { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent }
}

function expectRefused(pem: string, message: RegExp): void {
  const refused = readCertificateRequest(pem)
  expect(refused).toMatchObject({ ok: false, error: { code: 'InvalidRequestException' } })
  if (!refused.ok) expect(refused.error.message).toMatch(message)
}
