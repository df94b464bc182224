/** The authority: made, kept as text, loaded, renewed; judged by Node's own X.509. */
import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  createAuthority,
  createDeviceKeyAndCsr,
  issueDeviceCertificate,
  loadAuthority,
  renewAuthority,
} from '../src/index.ts'

const nowMs = Date.UTC(2026, 10, 22, 6)
const dayMs = 86_400_000

describe('authority', () => {
  it('signs itself and may sign others', async () => {
    const authority = await createAuthority({ nowMs })
    const certificate = new X509Certificate(authority.certificatePem)
    expect(certificate.ca).toBe(true)
    expect(certificate.subject).toBe('CN=Muster Root CA')
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.validToDate.getTime()).toBe(authority.notAfterMs)
  })

  it('comes back from its two texts', async () => {
    const { certificatePem, privateKeyPem } = await createAuthority({ nowMs, commonName: 'Mine' })
    const loaded = loadAuthority(certificatePem, privateKeyPem, nowMs)
    expect(loaded).toMatchObject({ ok: true, value: { certificatePem, privateKeyPem } })
  })

  it('is refused after its end', async () => {
    const authority = await createAuthority({ nowMs, validityDays: 10 })
    const { certificatePem, privateKeyPem } = authority
    const late = loadAuthority(certificatePem, privateKeyPem, nowMs + 10 * dayMs)
    expect(late).toMatchObject({ ok: false, error: { code: 'ExpiredAuthority' } })
  })

  it('is refused before its beginning', async () => {
    const { certificatePem, privateKeyPem } = await createAuthority({ nowMs })
    const early = loadAuthority(certificatePem, privateKeyPem, nowMs - 10 * dayMs)
    expect(early).toMatchObject({ ok: false, error: { code: 'InvalidAuthority' } })
  })

  it('is refused with another key, as no CA, and as no certificate', async () => {
    const authority = await createAuthority({ nowMs })
    const { certificatePem, privateKeyPem } = authority
    const device = createDeviceKeyAndCsr({ commonName: 'd' })
    const issued = issueDeviceCertificate(authority, device.csrPem, { nowMs })
    const leafPem = issued.ok ? issued.value.certificatePem : ''
    for (const [certificate, key] of [
      [certificatePem, device.privateKeyPem],
      [leafPem, device.privateKeyPem],
      ['no certificate', privateKeyPem],
      [certificatePem, 'no key'],
    ] as const) {
      const refused = loadAuthority(certificate, key, nowMs)
      expect(refused).toMatchObject({ ok: false, error: { code: 'InvalidAuthority' } })
    }
  })

  it('renewed, still vouches for what it signed before', async () => {
    const authority = await createAuthority({ nowMs, validityDays: 10 })
    const device = createDeviceKeyAndCsr({ commonName: 'd' })
    const issued = issueDeviceCertificate(authority, device.csrPem, { nowMs })
    const renewed = renewAuthority(authority, nowMs + 9 * dayMs)
    const root = new X509Certificate(renewed.certificatePem)
    const leaf = new X509Certificate(issued.ok ? issued.value.certificatePem : '')
    expect(renewed.notAfterMs).toBeGreaterThan(authority.notAfterMs)
    expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true)
  })
})
