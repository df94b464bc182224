/**
 * Canonical requests over exactly what was received, built by the SDK's own signer so that both
 * sides of a signature share one definition.
 */
import { createHash, createHmac, hash, type Hash, type Hmac } from 'node:crypto'
import { getCanonicalHeaders, getSigningKey, SignatureV4Base } from '@smithy/signature-v4'
import { HttpRequest } from '@smithy/core/protocols'
import type { AwsCredentialIdentity, Checksum, SourceData } from '@smithy/types'
import type { StatedSignature } from './credential.ts'

/** SHA-256, keyed or not, in the form the SDK's signer takes. */
class NodeSha256 implements Checksum {
  readonly #hash: Hash | Hmac

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()))
  }

  reset(): void {
    throw new Error('a hash is made for one digest')
  }
}

function bytesOf(data: SourceData): Uint8Array | string {
  if (typeof data === 'string') return data
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

/** Opens the signer's canonical form; it never signs with credentials of its own. */
class Canonical extends SignatureV4Base {
  constructor() {
    super({
      service: '',
      region: '',
      sha256: NodeSha256,
      credentials: { accessKeyId: '', secretAccessKey: '' },
    })
  }

  requestText(request: HttpRequest, headers: Record<string, string>, payloadHash: string): string {
    return this.createCanonicalRequest(request, headers, payloadHash)
  }
}

const canonical = new Canonical()

/** What a canonical request is made of. */
export interface CanonicalParts {
  readonly method: string
  /** Raw path. */
  readonly path: string
  /** Decoded; without the signature itself. */
  readonly query: Readonly<Record<string, string | string[]>>
  /** Only the signed ones. */
  readonly headers: Readonly<Record<string, string>>
  readonly payloadHash: string
}

/** The canonical request's text. */
export function canonicalRequest(parts: CanonicalParts): string {
  const request = new HttpRequest({
    method: parts.method,
    path: parts.path,
    query: { ...parts.query },
    headers: { ...parts.headers },
  })
  const headers = getCanonicalHeaders(request, undefined, new Set(Object.keys(parts.headers)))
  return canonical.requestText(request, headers, parts.payloadHash)
}

/** Keys of a day, region and service, by whose they are: a caller signs with the same one all day. */
const signingKeys = new Map<string, Uint8Array>()
const SIGNING_KEYS_MAX = 100

async function signingKey(
  { region, service, shortDate }: StatedSignature,
  credentials: AwsCredentialIdentity,
): Promise<Uint8Array> {
  const name = [credentials.secretAccessKey, shortDate, region, service].join('\n')
  const known = signingKeys.get(name)
  if (known !== undefined) return known
  const key = await getSigningKey(NodeSha256, credentials, shortDate, region, service)
  if (signingKeys.size >= SIGNING_KEYS_MAX) signingKeys.clear()
  signingKeys.set(name, key)
  return key
}

/** The signature that the holder of the key would have made. */
export async function signatureOf(
  stated: StatedSignature,
  credentials: AwsCredentialIdentity,
  canonicalText: string,
): Promise<string> {
  const key = await signingKey(stated, credentials)
  const { longDate, region, service, shortDate } = stated
  const scope = `${shortDate}/${region}/${service}/aws4_request`
  const digest = hash('sha256', canonicalText, 'hex')
  const text = `AWS4-HMAC-SHA256\n${longDate}\n${scope}\n${digest}`
  return createHmac('sha256', key).update(text).digest('hex')
}

/** Of nothing, which most requests have for a body. */
const sha256OfNothing = hash('sha256', '', 'hex')

/** Lower-case hexadecimal SHA-256. */
export function sha256Hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? sha256OfNothing : hash('sha256', bytes, 'hex')
}
