/**
 * The server's own certificates: for the host names it is reached by, EC and RSA, renewed in time.
 */
import { Buffer } from 'node:buffer'
import { createPrivateKey, createPublicKey, X509Certificate as NodeCertificate } from 'node:crypto'
import { isIP } from 'node:net'
import { accept, type Outcome } from '@muster/model'
import { subjectAlternativeNames } from './alternative-names.ts'
import type { Authority } from './authority.ts'
import {
  authorityKeyIdentifier,
  basicConstraints,
  extension,
  keyUsage,
  signedCertificate,
  subjectKeyIdentifier,
} from './certificate-layout.ts'
import { readCertificateRequest } from './certificate-request.ts'
import { derTag, writeDer, writeDerOid } from './der.ts'
import { commonNameOnly } from './key-request.ts'
import { derToPem } from './pem.ts'
import { endsSoon, makeServerKeys, type ServerKeyType } from './server-key.ts'
/** A certificate and its key, as `tls.createSecureContext` takes them. */
export interface ServerCertificate {
  readonly certificatePem: string
  /** PKCS #8; secret. */
  readonly privateKeyPem: string
  readonly notAfterMs: number
}

/** What a server certificate is for. */
export interface ServerCertificateOptions {
  /** DNS names and IP addresses; the first one is also the common name. */
  readonly hostnames: readonly string[]
  readonly keyType: ServerKeyType
  /** Wall time, epoch milliseconds. */
  readonly nowMs: number
}

const dayMs = 86_400_000
/** The longest life that common TLS clients accept. */
const validityDays = 397

/** Makes a key (on libuv's pool) and a certificate for it, naming every host. */
export async function issueServerCertificate(
  authority: Authority,
  options: ServerCertificateOptions,
): Promise<ServerCertificate> {
  const keys = await makeServerKeys(options.keyType)
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' })
  const certified = certify(authority, publicKey, options)
  return {
    ...certified,
    privateKeyPem: keys.privateKey.export({ format: 'pem', type: 'pkcs8' }),
  }
}

/**
 * Certifies the key of a request as a server's. Of the request only the key counts: the names are
 * the issuer's.
 *
 * @returns refusal `InvalidRequestException` for a request that cannot be read or does not verify
 */
export function certifyServerRequest(
  authority: Authority,
  requestPem: string,
  options: Pick<ServerCertificateOptions, 'hostnames' | 'nowMs'>,
): Outcome<{ readonly certificatePem: string; readonly notAfterMs: number }> {
  const request = readCertificateRequest(requestPem)
  if (!request.ok) return request
  const { publicKey } = request.value
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  const keyType = key.asymmetricKeyType === 'rsa' ? 'RSA' : 'EC'
  return accept(certify(authority, publicKey, { ...options, keyType }))
}

const serverAuth = extension(
  '2.5.29.37',
  writeDer(derTag.sequence, writeDerOid('1.3.6.1.5.5.7.3.1')),
)
const digitalSignature = 0
const keyEncipherment = 2

function certify(
  authority: Authority,
  publicKey: Uint8Array,
  { hostnames, keyType, nowMs }: ServerCertificateOptions,
): { readonly certificatePem: string; readonly notAfterMs: number } {
  const [commonName = 'localhost'] = hostnames
  const notAfterMs = Math.min(nowMs + validityDays * dayMs, authority.notAfterMs)
  const certificate = signedCertificate(
    {
      issuer: authority.subject,
      subject: commonNameOnly(commonName.slice(0, 64)),
      notBeforeMs: nowMs - dayMs,
      notAfterMs,
      publicKey,
      extensions: [
        basicConstraints(false),
        keyType === 'RSA'
          ? keyUsage(digitalSignature, keyEncipherment)
          : keyUsage(digitalSignature),
        serverAuth,
        subjectAlternativeNames(hostnames),
        subjectKeyIdentifier(publicKey),
        authorityKeyIdentifier(authority.keyIdentifier),
      ],
    },
    authority.signingKey,
  )
  return { certificatePem: derToPem(certificate, 'CERTIFICATE'), notAfterMs }
}

/**
 * Whether a server certificate must be issued anew: within 30 days of its end, not of this
 * authority, a host name is missing, or the key is another one's. Text that is no certificate or no
 * key needs renewal, too.
 */
export function needsRenewal(
  authority: Authority,
  kept: Pick<ServerCertificate, 'certificatePem' | 'privateKeyPem'>,
  options: { readonly hostnames: readonly string[]; readonly nowMs: number },
): boolean {
  try {
    const certificate = new NodeCertificate(kept.certificatePem)
    const root = new NodeCertificate(authority.certificatePem)
    if (!certificate.checkPrivateKey(createPrivateKey(kept.privateKeyPem))) return true
    if (endsSoon(kept.certificatePem, options.nowMs)) return true
    if (!certificate.checkIssued(root) || !certificate.verify(root.publicKey)) return true
    return !options.hostnames.every((host) =>
      isIP(host) === 0
        ? certificate.checkHost(host) !== undefined
        : certificate.checkIP(host) !== undefined,
    )
  } catch {
    return true
  }
}
