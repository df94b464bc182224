/** Requests signed with the SDK's own signer, for what its clients never send. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'

/** One request; the defaults are a good one by the default operator. */
export interface SignedRequestInit {
  readonly method?: string
  /** Raw path and query. */
  readonly url: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly service?: string
  readonly region?: string
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly sessionToken?: string
  readonly atMs?: number
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `x-amzn-errortype`. */
  readonly error: string | null
  readonly json: () => Record<string, unknown>
}

/** Signs by header and sends. */
export async function signedFetch(endpoint: string, init: SignedRequestInit): Promise<Reply> {
  return send(endpoint, init.url, {
    method: init.method ?? 'GET',
    headers: await signedHeaders(endpoint, init),
    ...(init.body === undefined ? {} : { body: init.body }),
  })
}

/** Sends as it is. */
export async function send(endpoint: string, url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(endpoint + url, init)
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    error: response.headers.get('x-amzn-errortype'),
    json: () => JSON.parse(text) as Record<string, unknown>,
  }
}

/** The headers of a signed request. */
export async function signedHeaders(
  endpoint: string,
  init: SignedRequestInit,
): Promise<Record<string, string>> {
  const signed = await signerOf(init).sign(requestOf(endpoint, init), {
    signingDate: new Date(init.atMs ?? Date.now()),
  })
  const { host: _, ...headers } = signed.headers
  return headers
}

/** A presigned URL's path and query. */
export async function presignedUrl(endpoint: string, init: SignedRequestInit): Promise<string> {
  const signed = await signerOf(init).presign(requestOf(endpoint, init), {
    signingDate: new Date(init.atMs ?? Date.now()),
    expiresIn: 60,
  })
  return `${signed.path}?${queryText(signed.query as Record<string, string>)}`
}

function signerOf(init: SignedRequestInit): SignatureV4 {
  const { accessKeyId = 'test', secretAccessKey = 'test', sessionToken } = init
  const token = sessionToken === undefined ? {} : { sessionToken }
  return new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...token },
    region: init.region ?? 'us-east-1',
    service: init.service ?? 'iot',
    sha256: Sha256,
  })
}

function requestOf(endpoint: string, init: SignedRequestInit): HttpRequest {
  const [path = '/', query = ''] = init.url.split('?')
  return new HttpRequest({
    method: init.method ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: { host: new URL(endpoint).host, ...init.headers },
    ...(init.body === undefined ? {} : { body: init.body }),
  })
}

function queryText(query: Record<string, string>): string {
  return Object.entries(query)
    .map((pair) => pair.map((text) => encodeURIComponent(text)).join('='))
    .join('&')
}
