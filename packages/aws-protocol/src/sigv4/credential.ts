/**
 * The parts of a signature as the request states them, from the `Authorization` header or from
 * the query of a presigned URL.
 */
import { accept, refuse, type Outcome } from '@muster/model'
import { parseQuery } from '../percent.ts'
import { headerOf, type SignedRequest } from './signed-request.ts'

/** A stated signature; nothing of it is verified. */
export interface StatedSignature {
  readonly kind: 'header' | 'presigned'
  readonly accessKeyId: string
  /** `20261122`. */
  readonly shortDate: string
  readonly region: string
  readonly service: string
  /** Lower-case names, as listed. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `20261122T050000Z`. */
  readonly longDate: string
  /** The same, epoch milliseconds. */
  readonly signedMs: number
  readonly sessionToken: string | undefined
  /** Presigned only: validity in seconds from the date; undefined when absent (gateway G126). */
  readonly expiresSeconds: number | undefined
}

const algorithm = 'AWS4-HMAC-SHA256'

/**
 * Reads the stated signature.
 *
 * Refuses with `MissingAuthenticationTokenException` when the request carries none and with
 * `IncompleteSignatureException` when it cannot be parsed (gateway G129).
 */
export function statedSignature(request: SignedRequest): Outcome<StatedSignature> {
  const header = headerOf(request, 'authorization')
  if (header !== undefined) return fromHeader(request, header)
  if (/(?:^|&)x-amz-(?:algorithm|signature|credential)=/i.test(request.query)) {
    return fromQuery(request)
  }
  return refuse('MissingAuthenticationTokenException', 'Missing Authentication Token')
}

function fromHeader(request: SignedRequest, header: string): Outcome<StatedSignature> {
  if (!header.startsWith(`${algorithm} `)) {
    return incomplete(`Authorization header must start with '${algorithm}'`)
  }
  const parts = new Map<string, string>()
  for (const part of header.slice(algorithm.length + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name))
  const amzDate = headerOf(request, 'x-amz-date')
  const date = headerOf(request, 'date')
  const longDate = amzDate ?? (date === undefined ? undefined : basicDate(date))
  const faults = missing.map((name) => `Authorization header requires '${name}' parameter.`)
  if (longDate === undefined) {
    faults.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  }
  if (faults.length > 0) return incomplete(faults.join(' '))
  return complete({
    kind: 'header',
    credential: parts.get('Credential') ?? '',
    signedHeaders: parts.get('SignedHeaders') ?? '',
    signature: parts.get('Signature') ?? '',
    longDate: longDate ?? '',
    sessionToken: headerOf(request, 'x-amz-security-token'),
    expiresSeconds: undefined,
  })
}

function fromQuery(request: SignedRequest): Outcome<StatedSignature> {
  const query = parseQuery(request.query)
  if (query === undefined) return incomplete('The query string is not valid percent-encoding.')
  const lower = new Map([...query].map(([name, values]) => [name.toLowerCase(), values[0] ?? '']))
  const names = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-SignedHeaders']
  const missing = [...names, 'X-Amz-Signature'].filter((name) => !lower.get(name.toLowerCase()))
  if (missing.length > 0) {
    return incomplete(
      `AWS query-string parameters must include ${missing.map((name) => `'${name}'`).join(', ')}.`,
    )
  }
  if (lower.get('x-amz-algorithm') !== algorithm) {
    return incomplete(`'X-Amz-Algorithm' must be '${algorithm}'.`)
  }
  const expires = lower.get('x-amz-expires')
  if (expires !== undefined && !/^\d{1,9}$/.test(expires)) {
    return incomplete("'X-Amz-Expires' must be a whole number of seconds.")
  }
  return complete({
    kind: 'presigned',
    credential: lower.get('x-amz-credential') ?? '',
    signedHeaders: lower.get('x-amz-signedheaders') ?? '',
    signature: lower.get('x-amz-signature') ?? '',
    longDate: lower.get('x-amz-date') ?? '',
    sessionToken: lower.get('x-amz-security-token') ?? headerOf(request, 'x-amz-security-token'),
    expiresSeconds: expires === undefined ? undefined : Number(expires),
  })
}

interface Parts {
  readonly kind: StatedSignature['kind']
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly longDate: string
  readonly sessionToken: string | undefined
  readonly expiresSeconds: number | undefined
}

function complete(parts: Parts): Outcome<StatedSignature> {
  const scope = parts.credential.split('/')
  const [terminator, service, region, shortDate] = scope.toReversed()
  // An access key id may hold slashes of its own; the scope is the last four parts.
  const accessKeyId = scope.slice(0, -4).join('/')
  if (!accessKeyId || !service || !region || !shortDate || terminator !== 'aws4_request') {
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, got '${parts.credential}'.`,
    )
  }
  const signedMs = signedAtMs(parts.longDate)
  if (Number.isNaN(signedMs)) {
    return incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${parts.longDate}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    )
  }
  const signedHeaders = parts.signedHeaders.toLowerCase().split(';')
  if (!signedHeaders.includes('host')) {
    return incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.")
  }
  return accept({
    kind: parts.kind,
    accessKeyId,
    shortDate,
    region,
    service,
    signedHeaders,
    signature: parts.signature,
    longDate: parts.longDate,
    signedMs,
    sessionToken: parts.sessionToken,
    expiresSeconds: parts.expiresSeconds,
  })
}

const basicDateForm = /^\d{8}T\d{6}Z$/

/** Epoch milliseconds of `20261122T050000Z`; NaN when it is no date. */
function signedAtMs(longDate: string): number {
  if (!basicDateForm.test(longDate)) return Number.NaN
  const part = (from: number, to: number): string => longDate.slice(from, to)
  const day = `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}`
  return Date.parse(`${day}T${part(9, 11)}:${part(11, 13)}:${part(13, 15)}Z`)
}

/** `20261122T050000Z` from any HTTP date. */
function basicDate(text: string): string {
  if (basicDateForm.test(text)) return text
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? text : basicDateOf(ms)
}

/** `20261122T050000Z` of epoch milliseconds. */
export function basicDateOf(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.\d{3}Z$/, 'Z')
    .replace(/[-:]/g, '')
}

function incomplete(message: string): Outcome<never> {
  return refuse('IncompleteSignatureException', message)
}
