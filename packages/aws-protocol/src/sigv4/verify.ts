/**
 * Verification of AWS Signature Version 4 (design decision 4): header-signed and presigned
 * requests, recomputed over the raw path and only the signed headers.
 */
import { timingSafeEqual } from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'
import { parseQuery } from '../percent.ts'
import { canonicalRequest, sha256Hex, signatureOf } from './canonical-request.ts'
import { basicDateOf, statedSignature, type StatedSignature } from './credential.ts'
import { headerOf, signedValueOf, type SignedRequest } from './signed-request.ts'

/** The secret half of an access key. */
export interface SigningSecret {
  readonly secretAccessKey: string
  /** Temporary credentials: the token that the request carries. */
  readonly sessionToken?: string | undefined
  /** Temporary credentials that have ended, by the clock of whoever made them. */
  readonly expired?: boolean
}

/** What a verification depends on besides the request. */
export interface VerifyOptions {
  /** Regions a scope may state; the first is named to who signed for another. */
  readonly regions: readonly string[]
  /** Scopes this listener takes for this request; the first is named to who signed another. */
  readonly services: readonly string[]
  /** Wall time, epoch milliseconds: signatures never follow a virtual clock. */
  readonly wallMs: number
  /**
   * The secret of a key with the session token that came with it; undefined when the key is
   * unknown or the token does not belong to it (identities I62).
   */
  readonly secretOf: (
    accessKeyId: string,
    sessionToken: string | undefined,
  ) => SigningSecret | undefined
  /**
   * Verify as the WebSocket gateway does (gateway G126): `X-Amz-Expires` may be absent, the token
   * may be outside the signature, and the signed host may be with or without its port.
   */
  readonly webSocket?: boolean
}

/** Who signed. */
export interface VerifiedSignature {
  readonly accessKeyId: string
  readonly service: string
}

/** Clock difference allowed either way (gateway G129). */
const skewMs = 5 * 60_000
/** Longest validity of a presigned URL. */
const presignedSecondsMax = 7 * 24 * 3600

/**
 * Verifies a request's signature.
 *
 * Refuses, always with status 403, as gateway G129 lists: `MissingAuthenticationTokenException`,
 * `IncompleteSignatureException`, `UnrecognizedClientException`, `ExpiredTokenException`,
 * `InvalidSignatureException` (skew, expired, wrong region or service, wrong signature).
 *
 * @param parsed - the request's own, where the caller has read it
 */
export async function verifySignature(
  request: SignedRequest,
  options: VerifyOptions,
  parsed: Outcome<StatedSignature> = statedSignature(request),
): Promise<Outcome<VerifiedSignature>> {
  if (!parsed.ok) return parsed
  const stated = parsed.value
  const secret = options.secretOf(stated.accessKeyId, stated.sessionToken)
  if (secret === undefined) {
    return refuse(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  }
  const fault = scopeFault(stated, options) ?? dateFault(stated, options)
  if (fault !== undefined) return refuse('InvalidSignatureException', fault)
  const payloadHash = payloadHashOf(request, stated, options)
  if (
    payloadHash === undefined ||
    !(await matches(request, stated, options, secret, payloadHash))
  ) {
    return refuse(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
  }
  if (secret.expired === true) {
    return refuse('ExpiredTokenException', 'The security token included in the request is expired')
  }
  return accept({ accessKeyId: stated.accessKeyId, service: stated.service })
}

function scopeFault(stated: StatedSignature, options: VerifyOptions): string | undefined {
  if (!options.regions.includes(stated.region)) {
    return `Credential should be scoped to a valid region, not '${stated.region}': this endpoint is in '${options.regions[0]}'.`
  }
  if (!options.services.includes(stated.service)) {
    return `Credential should be scoped to correct service: '${options.services[0]}', not '${stated.service}'.`
  }
  if (stated.shortDate !== stated.longDate.slice(0, 8)) {
    return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${stated.shortDate}' != '${stated.longDate.slice(0, 8)}', from '${stated.longDate}'.`
  }
  return undefined
}

function dateFault(stated: StatedSignature, options: VerifyOptions): string | undefined {
  const { signedMs } = stated
  const now = (): string => basicDateOf(options.wallMs)
  if (signedMs > options.wallMs + skewMs) {
    return `Signature not yet current: ${stated.longDate} is still later than ${basicDateOf(options.wallMs + skewMs)} (${now()} + 5 min.)`
  }
  if (stated.kind === 'header' || (stated.expiresSeconds === undefined && options.webSocket)) {
    return signedMs < options.wallMs - skewMs
      ? `Signature expired: ${stated.longDate} is now earlier than ${basicDateOf(options.wallMs - skewMs)} (${now()} - 5 min.)`
      : undefined
  }
  const { expiresSeconds } = stated
  if (expiresSeconds === undefined) return "'X-Amz-Expires' is required in a presigned URL"
  if (expiresSeconds < 1 || expiresSeconds > presignedSecondsMax) {
    return `'X-Amz-Expires' must be between 1 and ${presignedSecondsMax} seconds, not ${expiresSeconds}`
  }
  const endMs = signedMs + expiresSeconds * 1000
  return options.wallMs > endMs
    ? `Signature expired: ${basicDateOf(endMs)} is now earlier than ${now()}`
    : undefined
}

const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** The payload hash that was signed; undefined when the body is not the one it states. */
function payloadHashOf(
  request: SignedRequest,
  stated: StatedSignature,
  options: VerifyOptions,
): string | undefined {
  const actual = sha256Hex(request.body)
  if (stated.kind === 'presigned' && options.webSocket) return actual
  const header = headerOf(request, 'x-amz-content-sha256')
  const claimed = header ?? presignedPayloadHash(request)
  if (claimed === undefined || claimed === unsignedPayload) return claimed ?? actual
  return claimed.toLowerCase() === actual ? claimed : undefined
}

function presignedPayloadHash(request: SignedRequest): string | undefined {
  const query = parseQuery(request.query)
  return query?.get('X-Amz-Content-Sha256')?.[0]
}

async function matches(
  request: SignedRequest,
  stated: StatedSignature,
  options: VerifyOptions,
  secret: SigningSecret,
  payloadHash: string,
): Promise<boolean> {
  const query = canonicalQuery(request.query)
  if (query === undefined) return false
  const credentials = {
    accessKeyId: stated.accessKeyId,
    secretAccessKey: secret.secretAccessKey,
    ...(secret.sessionToken === undefined ? {} : { sessionToken: secret.sessionToken }),
  }
  for (const host of hostForms(request, options)) {
    for (const form of queryForms(query, stated, options)) {
      const text = canonicalRequest({
        method: request.method,
        path: request.path,
        query: form,
        headers: signedHeaders(request, stated, host),
        payloadHash,
      })
      if (equalText(await signatureOf(stated, credentials, text), stated.signature)) return true
    }
  }
  return false
}

function signedHeaders(
  request: SignedRequest,
  stated: StatedSignature,
  host: string,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of stated.signedHeaders) {
    headers[name] = name === 'host' ? host : signedValueOf(request, name)
  }
  return headers
}

/** Browsers and device SDKs differ in whether the signed host carries the port (gateway G126). */
function hostForms(request: SignedRequest, options: VerifyOptions): readonly string[] {
  const host = headerOf(request, 'host') ?? ''
  if (!options.webSocket) return [host]
  const bare = host.replace(/:\d+$/, '')
  return [...new Set([host, bare, `${bare}:443`])]
}

type Query = Record<string, string | string[]>

/** Device SDKs append the token to the query after signing it (gateway G126). */
function queryForms(query: Query, stated: StatedSignature, options: VerifyOptions): Query[] {
  if (!options.webSocket || stated.kind !== 'presigned') return [query]
  const { 'X-Amz-Security-Token': token, ...without } = query
  return token === undefined ? [query] : [query, without]
}

/** The query as the signer's canonical form takes it, without the signature. */
function canonicalQuery(raw: string): Query | undefined {
  const parsed = parseQuery(raw)
  if (parsed === undefined) return undefined
  const query: Query = {}
  for (const [name, values] of parsed) {
    const [first = '', ...more] = values
    if (name === '__proto__') return undefined
    query[name] = more.length === 0 ? first : [first, ...more]
  }
  return query
}

/** Compares in time that does not depend on where two texts differ. */
function equalText(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}
