/**
 * Device identities per second: key, request and certificate by our own layout, against the same
 * by @peculiar/x509 on WebCrypto.
 */
// oxlint-disable-next-line import/no-unassigned-import -- the X.509 library's polyfill
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { createAuthority, createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import {
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

import { median, spread, type Measure } from '../measure.ts'

const runs = 5
const ours = 400
const theirs = 100
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  const nowMs = Date.now()
  const authority = await createAuthority({ nowMs })
  const signer = await librarySigner(authority.certificatePem, authority.privateKeyPem)
  const own: number[] = []
  const library: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < runs; round += 1) {
    const one = await perSecond(ours, () => {
      const { csrPem } = createDeviceKeyAndCsr({ commonName: 'device' })
      const issued = issueDeviceCertificate(authority, csrPem, { nowMs })
      if (!issued.ok) throw new Error(issued.error.message)
    })
    const other = await perSecond(theirs, signer)
    own.push(one)
    library.push(other)
    ratios.push(one / other)
  }
  yield {
    name: 'key, request and certificate',
    unit: '1/s',
    ours: median(own),
    peer: median(library),
    ratio: median(ratios),
    spread: spread(ratios),
    runs,
  }
}

async function perSecond(count: number, make: () => void | Promise<void>): Promise<number> {
  const startedMs = performance.now()
  for (let index = 0; index < count; index += 1) await make()
  return (count * 1000) / (performance.now() - startedMs)
}

/** Makes one identity by the library alone, the request's signature checked as we check it. */
async function librarySigner(certificatePem: string, keyPem: string): Promise<() => Promise<void>> {
  const crypto = webcrypto
  const pkcs8 = Buffer.from(keyPem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, ecdsa, false, ['sign'])
  const issuer = new X509Certificate(certificatePem).subjectName
  return async () => {
    const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
    const made = await Pkcs10CertificateRequestGenerator.create(
      { name: 'CN=device', keys, signingAlgorithm: ecdsa },
      crypto,
    )
    const request = new Pkcs10CertificateRequest(made.toString('pem'))
    if (!(await request.verify(crypto))) throw new Error('the request does not verify')
    const certificate = await X509CertificateGenerator.create(
      {
        subject: request.subjectName,
        issuer,
        notBefore: new Date(),
        notAfter: new Date('2049-12-31T23:59:59Z'),
        signingAlgorithm: ecdsa,
        publicKey: request.publicKey,
        signingKey,
      },
      crypto,
    )
    certificate.toString('pem')
  }
}
