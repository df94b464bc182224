/** OpenSSL's opinion of what we issue, and our opinion of what OpenSSL makes. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  createAuthority,
  createDeviceKeyAndCsr,
  issueDeviceCertificate,
  issueServerCertificate,
  readCertificate,
  renewAuthority,
} from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-pki-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const nowMs = Date.now()
const authority = await createAuthority({ nowMs })

describe('openssl', () => {
  it('gateway G86: computes the id that we do', () => {
    const { csrPem } = createDeviceKeyAndCsr({ commonName: 'd' })
    const issued = issueDeviceCertificate(authority, csrPem, { nowMs })
    const { certificateId = '', certificatePem = '' } = issued.ok ? issued.value : {}
    const file = write('d.pem', certificatePem)
    const digest = openssl('x509', '-in', file, '-noout', '-fingerprint', '-sha256')
    expect(digest.replaceAll(':', '').toLowerCase()).toContain(certificateId)
  })

  it('verifies device and server certificates, under a renewed authority, too', async () => {
    const { csrPem } = createDeviceKeyAndCsr({ commonName: 'd' })
    const issued = issueDeviceCertificate(authority, csrPem, { nowMs })
    const device = write('device.pem', issued.ok ? issued.value.certificatePem : '')
    const hostnames = ['localhost', '127.0.0.1']
    const server = await issueServerCertificate(authority, { hostnames, keyType: 'RSA', nowMs })
    const serverFile = write('server.pem', server.certificatePem)
    const renewed = renewAuthority(authority, nowMs)
    for (const pem of [authority.certificatePem, renewed.certificatePem]) {
      const ca = write('ca.pem', pem)
      const strict = ['verify', '-x509_strict', '-CAfile', ca]
      expect(openssl(...strict, '-purpose', 'sslclient', device)).toContain('OK')
      const named = ['-purpose', 'sslserver', '-verify_hostname', 'localhost', serverFile]
      expect(openssl(...strict, ...named)).toContain('OK')
    }
  })

  it('verifies our requests', () => {
    const { csrPem } = createDeviceKeyAndCsr({
      commonName: 'd',
      attributes: { Country: 'DE', State: 'Bavaria', SerialNumber: '7' },
    })
    const file = write('own.csr', csrPem)
    const subject = openssl('req', '-in', file, '-noout', '-verify', '-subject')
    expect(subject).toMatch(/C ?= ?DE.*ST ?= ?Bavaria/)
  })

  it.each([
    ['ec', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ['P-384', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
    ['rsa', 'rsa:2048'],
  ])('makes %s requests that we certify', (name, newkey, ...options) => {
    const csrFile = join(folder, `${name}.csr`)
    const keyFile = join(folder, `${name}.key`)
    const subject = ['-subj', '/C=DE/O=Example/CN=by-openssl']
    const files = ['-keyout', keyFile, '-out', csrFile]
    openssl('req', '-new', '-newkey', newkey, ...options, '-nodes', ...subject, ...files)
    const csrPem = readFileSync(csrFile, 'utf8')
    const issued = issueDeviceCertificate(authority, csrPem, { nowMs })
    const certificatePem = issued.ok ? issued.value.certificatePem : ''
    expect(readCertificate(certificatePem)).toMatchObject({ value: { commonName: 'by-openssl' } })
  })
})

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
