/**
 * The certificate authority that signs the server's own certificates and the devices'.
 */
import { Buffer } from 'node:buffer'
import {
  createPrivateKey,
  createPublicKey,
  X509Certificate as NodeCertificate,
  type KeyObject,
} from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'
import {
  basicConstraints,
  keyUsage,
  signedCertificate,
  subjectKeyIdentifier,
} from './certificate-layout.ts'
import { derTag, readDer, readDerChildren } from './der.ts'
import { commonNameOnly } from './key-request.ts'
import { derToPem } from './pem.ts'
import { makeServerKeys } from './server-key.ts'

/** An authority ready to sign. Keep its two PEM texts to load it again. */
export interface Authority {
  readonly certificatePem: string
  /** PKCS #8; secret. */
  readonly privateKeyPem: string
  readonly notAfterMs: number
  readonly signingKey: KeyObject
  /** DER Name that certificates carry as issuer. */
  readonly subject: Uint8Array
  /** Content of the subject key identifier. */
  readonly keyIdentifier: Uint8Array
}

/** Settings of a new authority. */
export interface AuthorityOptions {
  /** Wall time, epoch milliseconds. */
  readonly nowMs: number
  /** Default `Muster Root CA`. */
  readonly commonName?: string
  /** Default 20 years. */
  readonly validityDays?: number
}

const dayMs = 86_400_000
const defaultCommonName = 'Muster Root CA'

/** Makes an authority with a fresh EC P-256 key. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const { privateKey } = await makeServerKeys('EC')
  return selfSign(privateKey, commonNameOnly(options.commonName ?? defaultCommonName), options)
}

/**
 * The same authority, same key and same name, valid from now: what it signed before still
 * verifies against the new certificate.
 */
export function renewAuthority(authority: Authority, nowMs: number): Authority {
  return selfSign(authority.signingKey, authority.subject, { nowMs })
}

/**
 * Reads an authority from its PEM texts.
 *
 * @returns refusal `InvalidAuthority` when a text cannot be read, the key does not belong to the
 *   certificate, the key is not EC P-256, or the certificate is no CA or not valid yet;
 *   `ExpiredAuthority` when it is past its date
 */
export function loadAuthority(
  certificatePem: string,
  privateKeyPem: string,
  nowMs: number,
): Outcome<Authority, 'InvalidAuthority' | 'ExpiredAuthority'> {
  let certificate: NodeCertificate
  let signingKey: KeyObject
  try {
    certificate = new NodeCertificate(certificatePem)
    signingKey = createPrivateKey(privateKeyPem)
  } catch (cause) {
    return refuse('InvalidAuthority', `The authority cannot be read: ${String(cause)}`)
  }
  if (!certificate.checkPrivateKey(signingKey)) {
    return refuse('InvalidAuthority', 'The private key is not that of the authority certificate')
  }
  if (!certificate.ca) {
    return refuse('InvalidAuthority', 'The certificate is not that of an authority (CA:TRUE)')
  }
  if (signingKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    return refuse('InvalidAuthority', 'The key of the authority must be EC P-256')
  }
  if (certificate.validFromDate.getTime() > nowMs) {
    return refuse('InvalidAuthority', `The authority is valid from ${certificate.validFrom} only`)
  }
  const notAfterMs = certificate.validToDate.getTime()
  if (notAfterMs <= nowMs) {
    return refuse('ExpiredAuthority', `The authority expired at ${certificate.validTo}`)
  }
  const { subject, keyIdentifier } = namesOf(certificate.raw)
  return accept({
    certificatePem,
    privateKeyPem,
    notAfterMs,
    signingKey,
    subject,
    keyIdentifier,
  })
}

function selfSign(
  signingKey: KeyObject,
  name: Uint8Array,
  { nowMs, validityDays = 20 * 365 }: AuthorityOptions,
): Authority {
  const publicKey = createPublicKey(signingKey).export({ format: 'der', type: 'spki' })
  const certificate = signedCertificate(
    {
      issuer: name,
      subject: name,
      notBeforeMs: nowMs - dayMs,
      notAfterMs: nowMs + validityDays * dayMs,
      publicKey,
      extensions: [basicConstraints(true), keyUsage(5, 6), subjectKeyIdentifier(publicKey)],
    },
    signingKey,
  )
  const loaded = loadAuthority(
    derToPem(certificate, 'CERTIFICATE'),
    signingKey.export({ format: 'pem', type: 'pkcs8' }),
    nowMs,
  )
  if (!loaded.ok) throw new Error(loaded.error.message)
  return loaded.value
}

/** Subject and key identifier of an authority certificate. */
function namesOf(der: Uint8Array): { subject: Uint8Array; keyIdentifier: Uint8Array } {
  const tbs = readDer(readDer(der)?.content ?? der)
  const fields = (tbs && readDerChildren(tbs.content)) ?? []
  const subject = fields[5]?.bytes
  if (subject === undefined) throw new Error('not a version 3 certificate')
  const extensions = readDer(fields.find((field) => field.tag === 0xa3)?.content ?? der)
  for (const extension of (extensions && readDerChildren(extensions.content)) ?? []) {
    const [oid, ...rest] = readDerChildren(extension.content) ?? []
    if (Buffer.compare(oid?.content ?? der, subjectKeyIdentifierOid) !== 0) continue
    const value = rest.find((part) => part.tag === derTag.octetString)
    const identifier = value && readDer(value.content)
    if (identifier !== undefined) return { subject, keyIdentifier: identifier.content }
  }
  throw new Error('the authority certificate has no subject key identifier')
}

const subjectKeyIdentifierOid = Uint8Array.of(0x55, 0x1d, 0x0e)
