/** Addresses in certificates, as Node reads them back. */
import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { addressBytes } from '../src/alternative-names.ts'
import { createAuthority, issueServerCertificate } from '../src/index.ts'

it.each([
  ['10.0.200.255', '0a00c8ff'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:db8::', '20010db8000000000000000000000000'],
  ['2001:DB8::8:800:200c:417a', '20010db80000000000080800200c417a'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['::ffff:192.0.2.33', '00000000000000000000ffffc0000221'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
])('%s', (address, hex) => {
  expect(Buffer.from(addressBytes(address)).toString('hex')).toBe(hex)
})

it('RFC 5280 4.2.1.6: a server certificate names each of its addresses', async () => {
  const nowMs = Date.now()
  const hostnames = ['host.example', '2001:db8::8:800:200c:417a', '::ffff:192.0.2.33', '192.0.2.1']
  const authority = await createAuthority({ nowMs })
  const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
  const certificate = new X509Certificate(issued.certificatePem)
  for (const address of hostnames.slice(1)) expect(certificate.checkIP(address)).toBe(address)
  expect(certificate.checkHost('host.example')).toBe('host.example')
})
