/**
 * The server's own certificates: for the host names it is reached by, EC and RSA, renewed in time.
 */
import { Buffer } from 'node:buffer'
import {
  createPrivateKey,
  createPublicKey,
  randomBytes,
  X509Certificate as NodeCertificate,
} from 'node:crypto'
import { isIP } from 'node:net'
import { accept, type Outcome } from '@muster/model'
import type { Authority } from './authority.ts'
import { readCertificateRequest } from './certificate-request.ts'
import { endsSoon, makeServerKeys, type ServerKeyType } from './server-key.ts'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  ecdsa,
  importEcKeyPair,
  webcrypto,
} from './x509-library.ts'

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
  const certified = await certify(authority, publicKey, options)
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
export async function certifyServerRequest(
  authority: Authority,
  requestPem: string,
  options: Pick<ServerCertificateOptions, 'hostnames' | 'nowMs'>,
): Promise<Outcome<{ readonly certificatePem: string; readonly notAfterMs: number }>> {
  const request = readCertificateRequest(requestPem)
  if (!request.ok) return request
  const { publicKey } = request.value
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  const keyType = key.asymmetricKeyType === 'rsa' ? 'RSA' : 'EC'
  return accept(await certify(authority, publicKey, { ...options, keyType }))
}

async function certify(
  authority: Authority,
  spki: Uint8Array,
  { hostnames, keyType, nowMs }: ServerCertificateOptions,
): Promise<{ readonly certificatePem: string; readonly notAfterMs: number }> {
  const [commonName = 'localhost'] = hostnames
  const signing = await importEcKeyPair(authority.privateKeyPem)
  const notAfterMs = Math.min(nowMs + validityDays * dayMs, authority.notAfterMs)
  const publicKey = Uint8Array.from(spki)
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- flags are joined by `|`
  const usages: KeyUsageFlags =
    keyType === 'RSA'
      ? KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment
      : KeyUsageFlags.digitalSignature
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
      subject: [{ CN: [commonName.slice(0, 64)] }],
      issuer: new Name(Uint8Array.from(authority.subject)).toJSON(),
      notBefore: new Date(nowMs - dayMs),
      notAfter: new Date(notAfterMs),
      signingAlgorithm: ecdsa,
      publicKey,
      signingKey: signing.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(usages, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          hostnames.map((value) => ({
            type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
            value,
          })),
        ),
        await SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(signing.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    notAfterMs,
  }
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
