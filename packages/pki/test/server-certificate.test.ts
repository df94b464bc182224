/** Server certificates, shown in real handshakes. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  certifyServerRequest,
  createAuthority,
  createServerKeyAndRequest,
  endsSoon,
  issueServerCertificate,
  needsRenewal,
} from '../src/index.ts'

const nowMs = Date.now()
const dayMs = 86_400_000
const hostnames = ['localhost', 'gateway.example', '127.0.0.1', '::1']

describe('server certificate', () => {
  it.each([
    ['EC', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    ['RSA', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['RSA', 'AES128-GCM-SHA256'],
  ] as const)('gateway G5: %s serves TLS 1.2 with %s', async (keyType, ciphers) => {
    const authority = await createAuthority({ nowMs })
    const issued = await issueServerCertificate(authority, { hostnames, keyType, nowMs })
    const server = createServer({ cert: issued.certificatePem, key: issued.privateKeyPem })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: authority.certificatePem,
      ciphers,
      maxVersion: 'TLSv1.2',
    })
    await once(socket, 'secureConnect')
    expect(socket.authorized).toBe(true)
    expect(socket.getCipher().name).toBe(ciphers)
    socket.destroy()
    server.close()
  })

  it('names hosts as DNS names and addresses as IP addresses', async () => {
    const authority = await createAuthority({ nowMs })
    const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
    const certificate = new X509Certificate(issued.certificatePem)
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, DNS:gateway.example, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    )
    expect(certificate.validToDate.getTime() - nowMs).toBeLessThan(398 * dayMs)
  })

  it('never outlives its authority', async () => {
    const authority = await createAuthority({ nowMs, validityDays: 5 })
    const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
    expect(issued.notAfterMs).toBe(authority.notAfterMs)
  })

  it('needs renewal near its end, for a new host, and under another authority', async () => {
    const authority = await createAuthority({ nowMs })
    const other = await createAuthority({ nowMs })
    const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
    expect(needsRenewal(authority, issued, { hostnames, nowMs })).toBe(false)
    const late = nowMs + 368 * dayMs
    expect(needsRenewal(authority, issued, { hostnames, nowMs: late })).toBe(true)
    const more = [...hostnames, 'new.example']
    expect(needsRenewal(authority, issued, { hostnames: more, nowMs })).toBe(true)
    expect(needsRenewal(other, issued, { hostnames, nowMs })).toBe(true)
    const unread = { ...issued, certificatePem: 'no certificate' }
    expect(needsRenewal(authority, unread, { hostnames, nowMs })).toBe(true)
  })

  it('needs renewal when its key cannot be read or is another one', async () => {
    const authority = await createAuthority({ nowMs })
    const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
    const { privateKeyPem } = await issueServerCertificate(authority, {
      hostnames,
      keyType: 'EC',
      nowMs,
    })
    expect(needsRenewal(authority, { ...issued, privateKeyPem }, { hostnames, nowMs })).toBe(true)
    const unread = { ...issued, privateKeyPem: 'no key' }
    expect(needsRenewal(authority, unread, { hostnames, nowMs })).toBe(true)
  })

  it.each(['EC', 'RSA'] as const)('is issued for a request, of an %s key', async (keyType) => {
    const authority = await createAuthority({ nowMs })
    const { privateKeyPem, requestPem } = await createServerKeyAndRequest(keyType, 'gateway-1')
    const certified = certifyServerRequest(authority, requestPem, { hostnames, nowMs })
    if (!certified.ok) throw new Error(certified.error.message)
    const { certificatePem, notAfterMs } = certified.value
    // The names are the issuer's, whatever the request says.
    expect(new X509Certificate(certificatePem).subject).toBe('CN=localhost')
    const kept = { certificatePem, privateKeyPem }
    expect(needsRenewal(authority, kept, { hostnames, nowMs })).toBe(false)
    expect(endsSoon(certificatePem, nowMs)).toBe(false)
    expect(endsSoon(certificatePem, notAfterMs - 29 * dayMs)).toBe(true)
  })

  it('is issued for no request whose signature does not verify', async () => {
    const authority = await createAuthority({ nowMs })
    const { requestPem } = await createServerKeyAndRequest('EC', 'gateway-1')
    const lines = requestPem.trim().split('\n')
    const der = Buffer.from(lines.slice(1, -1).join(''), 'base64')
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
    const forged = [lines[0], der.toString('base64'), lines.at(-1)].join('\n')
    expect(certifyServerRequest(authority, forged, { hostnames, nowMs })).toMatchObject({
      ok: false,
    })
  })
})
