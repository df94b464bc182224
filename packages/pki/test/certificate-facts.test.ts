/** What registering a certificate reads of it. */
import { describe, expect, it } from 'vitest'
import {
  certificateIssuer,
  createAuthority,
  createDeviceKeyAndCsr,
  isSignedBy,
  issueDeviceCertificate,
  readCertificate,
} from '../src/index.ts'
import { certificateByLibrary } from './library-attributes.ts'
import { fc, test } from './property.ts'

const nowMs = Date.UTC(2026, 10, 22)
const authority = await createAuthority({ nowMs, commonName: 'Factory' })
const issued = issueDeviceCertificate(
  authority,
  createDeviceKeyAndCsr({ commonName: 'dev-1' }).csrPem,
  { nowMs },
)
const leafPem = issued.ok ? issued.value.certificatePem : ''

describe('certificate facts', () => {
  it('reads a leaf and its authority', () => {
    const leaf = readCertificate(leafPem)
    const root = readCertificate(authority.certificatePem)
    if (!leaf.ok || !root.ok) throw new Error('must be readable')
    expect(leaf.value).toMatchObject({ commonName: 'dev-1', isAuthority: false })
    expect(root.value).toMatchObject({ commonName: 'Factory', isAuthority: true })
    expect(leaf.value.issuer).toBe(root.value.subject)
    expect(leaf.value.certificatePem).toBe(leafPem)
  })

  it.each([
    [[{ O: ['Factory'], CN: ['dev-1'] }], 'dev-1'],
    [[{ CN: ['dev-1'], OU: ['line'] }, { C: ['DE'] }], 'dev-1'],
    [[{ CN: ['a+b, c=d'] }], 'a+b, c=d'],
    [[{ CN: ['first'] }, { CN: ['second'] }], 'first'],
    [[{ O: ['Factory'] }], undefined],
  ])('reads the common name wherever it stands: %j', async (name, commonName) => {
    const read = readCertificate(await certificateByLibrary({ name, alternativeNames: [] }))
    expect(read.ok && read.value.commonName).toBe(commonName)
  })

  it('knows who signed, not who has the name', async () => {
    const impostor = await createAuthority({ nowMs, commonName: 'Factory' })
    expect(isSignedBy(leafPem, authority.certificatePem)).toBe(true)
    expect(isSignedBy(leafPem, impostor.certificatePem)).toBe(false)
    expect(isSignedBy(leafPem, 'nobody')).toBe(false)
  })

  it('judges dates by wall time', () => {
    let wallMs = nowMs
    const issuer = certificateIssuer(authority, () => wallMs)
    expect(issuer.read(leafPem)).toMatchObject({ value: { inDate: true } })
    wallMs = Date.UTC(2051, 0)
    expect(issuer.read(leafPem)).toMatchObject({ value: { inDate: false } })
    wallMs = Date.UTC(2020, 0)
    expect(issuer.read(leafPem)).toMatchObject({ value: { inDate: false } })
  })

  it('lets a certificate last as long as asked', () => {
    const issuer = certificateIssuer(authority, () => nowMs)
    const { csrPem } = createDeviceKeyAndCsr({ commonName: 'd' })
    expect(issuer.issueFromCsr(csrPem, { lifetimeMs: 300_000 })).toMatchObject({
      value: { notAfterMs: nowMs + 300_000 },
    })
  })

  test.prop({ text: fc.string(), at: fc.nat(leafPem.length - 2) }, { numRuns: 200 })(
    'never throws on what is no certificate',
    ({ text, at }) => {
      expect(readCertificate(text).ok).toBe(false)
      const cut = readCertificate(leafPem.slice(0, at))
      expect(cut).toMatchObject({ ok: false, error: { code: 'CertificateValidationException' } })
    },
  )
})
