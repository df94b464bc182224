/**
 * SigV4 verification against the SDK's own signer: what it signs verifies, and nothing else does.
 */
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SignedRequest } from '../src/sigv4/signed-request.ts'
import { verifySignature, type SigningSecret, type VerifyOptions } from '../src/sigv4/verify.ts'

const wallMs = Date.parse('2026-11-22T05:00:00Z')
const keys: Readonly<Record<string, SigningSecret>> = {
  AKIDEXAMPLE: { secretAccessKey: 'secret' },
  ASIAEXAMPLE: { secretAccessKey: 'temporary', sessionToken: 'token' },
}

interface Signing {
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly sessionToken?: string
  readonly region?: string
  readonly service?: string
  readonly atMs?: number
}

function signer(signing: Signing): SignatureV4 {
  const {
    accessKeyId = 'AKIDEXAMPLE',
    secretAccessKey = keys[accessKeyId]?.secretAccessKey ?? 'none',
    sessionToken = keys[accessKeyId]?.sessionToken,
    region = 'us-east-1',
    service = 'iot',
  } = signing
  return new SignatureV4({
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    region,
    service,
    sha256: Sha256,
  })
}

interface Wanted {
  readonly method?: string
  readonly path?: string
  readonly query?: Record<string, string | string[]>
  readonly headers?: Record<string, string>
  readonly body?: string
}

function unsigned({
  method = 'GET',
  path = '/things/T',
  query,
  headers,
  body,
}: Wanted): HttpRequest {
  return new HttpRequest({
    protocol: 'http:',
    hostname: 'localhost',
    method,
    path,
    query: query ?? {},
    headers: { host: 'localhost:4566', ...headers },
    body: body ?? '',
  })
}

/** A request as the server receives it. */
function received(request: HttpRequest): SignedRequest {
  return {
    method: request.method,
    path: request.path,
    query: queryText(request.query as Record<string, string | string[]>),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: new TextEncoder().encode((request.body as string | undefined) ?? ''),
  }
}

function queryText(query: Record<string, string | string[]>): string {
  return Object.entries(query)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one]))
    .map((pair) => pair.map((text) => encodeURIComponent(text ?? '')).join('='))
    .join('&')
}

async function headerSigned(wanted: Wanted = {}, signing: Signing = {}): Promise<SignedRequest> {
  const signingDate = new Date(signing.atMs ?? wallMs)
  return received((await signer(signing).sign(unsigned(wanted), { signingDate })) as HttpRequest)
}

async function presigned(
  wanted: Wanted = {},
  signing: Signing = {},
  expiresIn = 60,
): Promise<SignedRequest> {
  const signingDate = new Date(signing.atMs ?? wallMs)
  const request = unsigned(wanted)
  return received(
    (await signer(signing).presign(request, { signingDate, expiresIn })) as HttpRequest,
  )
}

/** `ok`, or the refusal as `code: message`. */
async function verdict(
  request: SignedRequest,
  options: Partial<VerifyOptions> = {},
): Promise<string> {
  const outcome = await verifySignature(request, {
    regions: ['us-east-1'],
    services: ['iot', 'execute-api'],
    wallMs,
    secretOf: (id, token) => (keys[id]?.sessionToken === token ? keys[id] : undefined),
    ...options,
  })
  return outcome.ok ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`
}

const mismatch = /^InvalidSignatureException: The request signature we calculated does not match/

describe('design 4: what the SDK signs verifies', () => {
  it.for([
    ['a plain GET', {}],
    ['a body', { method: 'PUT', body: '{"a":1}' }],
    ['an encoded path', { path: '/things/a%3Ab' }],
    ['an encoded slash', { method: 'POST', path: '/topics/a%2Fb%20c' }],
    ['a query', { query: { maxResults: '5', nextToken: 'a/b+c=' } }],
    ['a query with lists', { query: { b: ['2', '1'], a: '' } }],
    ['more headers', { headers: { 'x-amz-mqtt5-user-properties': 'W10=', accept: '*/*' } }],
  ] as const)('%s, by header', async ([, wanted]) => {
    expect(await verdict(await headerSigned(wanted as Wanted))).toBe('ok')
  })

  it('presigned', async () => {
    expect(await verdict(await presigned({ query: { maxResults: '5' } }))).toBe('ok')
  })

  it('with a session token', async () => {
    expect(await verdict(await headerSigned({}, { accessKeyId: 'ASIAEXAMPLE' }))).toBe('ok')
    expect(await verdict(await presigned({}, { accessKeyId: 'ASIAEXAMPLE' }))).toBe('ok')
  })

  it('with an unsigned payload', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    const request = await headerSigned({ method: 'PUT', headers, body: 'a' })
    expect(await verdict({ ...request, body: new TextEncoder().encode('b') })).toBe('ok')
  })

  it('authz, issue 3: a hashed payload must be the one that came', async () => {
    const request = await headerSigned({ method: 'PUT', body: 'a' })
    expect(await verdict({ ...request, body: new TextEncoder().encode('b') })).toMatch(mismatch)
  })

  it('headers that were not signed may change on the way', async () => {
    const request = await headerSigned()
    expect(await verdict({ ...request, headers: { ...request.headers, via: 'proxy' } })).toBe('ok')
  })
})

describe('gateway G129: exact refusals', () => {
  it('no credentials', async () => {
    expect(await verdict(received(unsigned({})))).toBe(
      'MissingAuthenticationTokenException: Missing Authentication Token',
    )
  })

  it.for([
    ['Bearer x', "Authorization header must start with 'AWS4-HMAC-SHA256'"],
    [
      'AWS4-HMAC-SHA256 Credential=a/20261122/us-east-1/iot/aws4_request, SignedHeaders=host',
      "Authorization header requires 'Signature' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    ],
  ] as const)('unparsable: %s', async ([authorization, message]) => {
    const request = received(unsigned({ headers: { authorization } }))
    expect(await verdict(request)).toBe(`IncompleteSignatureException: ${message}`)
  })

  it.for(['a/b', 'a/20261122/us-east-1/iot/aws5_request', '/20261122/us-east-1/iot/aws4_request'])(
    'unparsable credential: %s',
    async (credential) => {
      const request = await headerSigned()
      const authorization = String(request.headers.authorization).replace(
        /Credential=[^,]+/,
        `Credential=${credential}`,
      )
      expect(await verdict({ ...request, headers: { ...request.headers, authorization } })).toMatch(
        /^IncompleteSignatureException: Credential must have exactly 5/,
      )
    },
  )

  it('host must be signed', async () => {
    const request = await headerSigned()
    const authorization = String(request.headers.authorization).replace('host;', '')
    expect(await verdict({ ...request, headers: { ...request.headers, authorization } })).toMatch(
      /^IncompleteSignatureException: 'Host' must be a 'SignedHeader'/,
    )
  })

  it('unknown key', async () => {
    expect(await verdict(await headerSigned({}, { accessKeyId: 'AKIDNOBODY' }))).toBe(
      'UnrecognizedClientException: The security token included in the request is invalid.',
    )
  })

  it('wrong secret', async () => {
    expect(await verdict(await headerSigned({}, { secretAccessKey: 'other' }))).toMatch(mismatch)
  })

  it('wrong session token', async () => {
    const signing = { accessKeyId: 'ASIAEXAMPLE', sessionToken: 'other' }
    expect(await verdict(await headerSigned({}, signing))).toMatch(/^UnrecognizedClientException/)
  })

  it('expired session', async () => {
    const request = await headerSigned({}, { accessKeyId: 'ASIAEXAMPLE' })
    const expired = { secretAccessKey: 'temporary', sessionToken: 'token', expired: true }
    expect(await verdict(request, { secretOf: () => expired })).toBe(
      'ExpiredTokenException: The security token included in the request is expired',
    )
  })

  it('more than five minutes old', async () => {
    const request = await headerSigned({}, { atMs: wallMs - 301_000 })
    expect(await verdict(request)).toBe(
      'InvalidSignatureException: Signature expired: 20261122T045459Z is now earlier than 20261122T045500Z (20261122T050000Z - 5 min.)',
    )
    expect(await verdict(await headerSigned({}, { atMs: wallMs - 300_000 }))).toBe('ok')
  })

  it('from the future', async () => {
    const request = await headerSigned({}, { atMs: wallMs + 301_000 })
    expect(await verdict(request)).toBe(
      'InvalidSignatureException: Signature not yet current: 20261122T050501Z is still later than 20261122T050500Z (20261122T050000Z + 5 min.)',
    )
    expect(await verdict(await presigned({}, { atMs: wallMs + 301_000 }))).toMatch(
      /^InvalidSignatureException: Signature not yet current/,
    )
  })

  it('README settled 6: another region, naming the right one', async () => {
    expect(await verdict(await headerSigned({}, { region: 'eu-west-1' }))).toMatch(
      /^InvalidSignatureException: .*not 'eu-west-1'.*'us-east-1'/,
    )
  })

  it('another service, naming the right one', async () => {
    expect(await verdict(await headerSigned({}, { service: 's3' }))).toMatch(
      /^InvalidSignatureException: .*correct service: 'iot', not 's3'/,
    )
  })

  it('gateway G125: the legacy scope execute-api is taken', async () => {
    expect(await verdict(await headerSigned({}, { service: 'execute-api' }))).toBe('ok')
  })

  it('a presigned URL after its end, without one, and too long', async () => {
    const request = await presigned({}, { atMs: wallMs - 61_000 })
    expect(await verdict(request)).toBe(
      'InvalidSignatureException: Signature expired: 20261122T045959Z is now earlier than 20261122T050000Z',
    )
    const without = request.query.replace(/&?X-Amz-Expires=60/, '')
    expect(await verdict({ ...request, query: without })).toMatch(/'X-Amz-Expires' is required/)
    const long = request.query.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801')
    expect(await verdict({ ...request, query: long })).toMatch(/must be between 1 and 604800/)
  })
})

describe('gateway G126: WebSocket URLs', () => {
  const webSocket = { webSocket: true, services: ['iotdevicegateway'] }
  const upgrade = { path: '/mqtt' }
  const signing = { service: 'iotdevicegateway' }
  const temporary = { ...signing, accessKeyId: 'ASIAEXAMPLE' }

  /** As device SDKs sign: no `X-Amz-Expires`, the token after the signature. */
  async function deviceSigned(host: string, withToken: boolean): Promise<SignedRequest> {
    const { sessionToken, ...key } = keys.ASIAEXAMPLE ?? { secretAccessKey: '' }
    const base = new SignatureV4({
      credentials: {
        accessKeyId: withToken ? 'ASIAEXAMPLE' : 'AKIDEXAMPLE',
        ...(withToken ? key : { secretAccessKey: 'secret' }),
      },
      region: 'us-east-1',
      service: 'iotdevicegateway',
      sha256: Sha256,
    })
    const query = {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${withToken ? 'ASIAEXAMPLE' : 'AKIDEXAMPLE'}/20261122/us-east-1/iotdevicegateway/aws4_request`,
      'X-Amz-Date': '20261122T050000Z',
      'X-Amz-SignedHeaders': 'host',
    }
    // The signer's own presigning always adds an end: sign the canonical request by hand.
    const canonical = [
      'GET',
      '/mqtt',
      queryText(query),
      `host:${host}`,
      '',
      'host',
      emptyHash,
    ].join('\n')
    const hash = new Sha256()
    hash.update(canonical)
    const text = [
      'AWS4-HMAC-SHA256',
      '20261122T050000Z',
      '20261122/us-east-1/iotdevicegateway/aws4_request',
      Buffer.from(await hash.digest()).toString('hex'),
    ].join('\n')
    const signature = await base.sign(text, { signingDate: new Date(wallMs) })
    const token = withToken ? `&X-Amz-Security-Token=${sessionToken}` : ''
    return {
      method: 'GET',
      path: '/mqtt',
      query: `${queryText(query)}&X-Amz-Signature=${signature}${token}`,
      headers: { host },
      body: new Uint8Array(0),
    }
  }
  const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

  it('presigned with an end', async () => {
    expect(await verdict(await presigned(upgrade, signing), webSocket)).toBe('ok')
  })

  it('the token inside the signature', async () => {
    expect(await verdict(await presigned(upgrade, temporary), webSocket)).toBe('ok')
  })

  it('without an end, and the token after the signature', async () => {
    expect(await verdict(await deviceSigned('localhost:4566', false), webSocket)).toBe('ok')
    const request = await deviceSigned('localhost:4566', true)
    expect(await verdict(request, webSocket)).toBe('ok')
    expect(
      await verdict({ ...request, query: request.query.replace('=token', '=other') }, webSocket),
    ).toMatch(/^UnrecognizedClientException/)
  })

  it('without an end the date must be within five minutes', async () => {
    const request = await deviceSigned('localhost:4566', false)
    expect(await verdict(request, { ...webSocket, wallMs: wallMs + 301_000 })).toMatch(
      /Signature expired/,
    )
    expect(await verdict(request, { ...webSocket, wallMs: wallMs - 301_000 })).toMatch(
      /Signature not yet current/,
    )
  })

  it.for([
    ['a.iot', 'a.iot:443'],
    ['a.iot:443', 'a.iot'],
    ['a.iot', 'a.iot:9443'],
  ] as const)('signed for host %s, sent as %s', async ([signed, sent]) => {
    const request = await deviceSigned(signed, false)
    expect(await verdict({ ...request, headers: { host: sent } }, webSocket)).toBe('ok')
  })

  it('elsewhere than the WebSocket gateway none of that is taken', async () => {
    const request = await deviceSigned('localhost:4566', false)
    expect(await verdict(request, { services: ['iotdevicegateway'] })).toMatch(
      /'X-Amz-Expires' is required/,
    )
  })

  it('header-signed, `connection` signed too', async () => {
    const headers = { connection: 'upgrade', upgrade: 'websocket' }
    const signed = await signer(signing).sign(unsigned({ ...upgrade, headers }), {
      signingDate: new Date(wallMs),
      signableHeaders: new Set(['host', 'connection', 'x-amz-date']),
    })
    expect(await verdict(received(signed as HttpRequest), webSocket)).toBe('ok')
  })
})

describe('properties', () => {
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .map(encodeURIComponent)
  const wanted = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
    query: fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.string({ maxLength: 8 }), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    body: fc.string({ maxLength: 20 }),
  })
  const usual = wanted.filter(
    ({ query }) => !Object.keys(query).some((name) => /^(x-amz-|__proto__$)/i.test(name)),
  )

  it('every signed request verifies, and no longer once a signed part changes', async () => {
    const change = fc.constantFrom('method', 'path', 'query', 'body', 'host', 'date', 'signature')
    await fc.assert(
      fc.asyncProperty(usual, change, fc.boolean(), async (request, part, byHeader) => {
        const signed = await (byHeader ? headerSigned(request) : presigned(request))
        expect(await verdict(signed)).toBe('ok')
        expect(await verdict(changed(signed, part))).not.toBe('ok')
      }),
      { numRuns: 150 },
    )
  })

  it('no request makes it throw', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const name = fc.constantFrom(
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      'X-Amz-Credential',
      'X-Amz-Date',
      '%',
      '__proto__',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          method: text,
          path: text,
          query: fc.array(fc.oneof(text, name)).map((all) => all.join('&')),
          headers: fc.dictionary(
            fc.constantFrom('authorization', 'x-amz-date', 'host', 'date', 'x-amz-content-sha256'),
            fc.oneof(
              text,
              text.map(
                (rest) =>
                  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/iot/aws4_request, SignedHeaders=host;__proto__, Signature=${rest}`,
              ),
              fc.constant('20261122T050000Z'),
            ),
          ),
          body: fc.uint8Array({ maxLength: 8 }),
        }),
        async (request) => {
          expect(await verdict(request)).not.toBe('ok')
        },
      ),
      { numRuns: 1000 },
    )
  })
})

function changed(request: SignedRequest, part: string): SignedRequest {
  const { method, path, query, headers, body } = request
  switch (part) {
    case 'method':
      return { ...request, method: `${method}X` }
    case 'path':
      return { ...request, path: `${path}x` }
    case 'query':
      return { ...request, query: query === '' ? 'x=' : `${query}&x=` }
    case 'body':
      return { ...request, body: new Uint8Array([...body, 1]) }
    case 'host':
      return { ...request, headers: { ...headers, host: 'elsewhere' } }
    case 'date':
      return {
        ...request,
        query: query.replace('20261122T050000Z', '20261122T050001Z'),
        headers: {
          ...headers,
          ...(headers['x-amz-date'] === undefined ? {} : { 'x-amz-date': '20261122T050001Z' }),
        },
      }
    default:
      return {
        ...request,
        query: query.replace(/(X-Amz-Signature=)./, '$1g'),
        headers: {
          ...headers,
          ...(headers.authorization === undefined
            ? {}
            : { authorization: String(headers.authorization).replace(/.$/, 'g') }),
        },
      }
  }
}
