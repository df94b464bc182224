import { request } from 'node:http'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ corsOrigins: ['https://app.example.com'] })
})
afterAll(() => server.close())

interface Reply {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** `fetch` sets Host and Origin itself. */
function call(headers: Record<string, string>, method = 'POST'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const target = { 'x-amz-target': 'AWSCognitoIdentityService.GetId', ...headers }
    const sent = request(
      { port: server.httpPort, host: '127.0.0.1', path: '/', method, headers: target },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, text }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(method === 'POST' ? '{"IdentityPoolId":"us-east-1:1234"}' : undefined)
  })
}

describe('identities I108: calls that nobody signs', () => {
  it('a program on this machine may make them', async () => {
    expect((await call({})).text).toContain('ResourceNotFoundException')
  })

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'rebound.example' },
  ])('refuses %j', async (headers) => {
    const reply = await call(headers)
    expect([reply.status, reply.text]).toEqual([
      400,
      expect.stringContaining('AccessDeniedException'),
    ])
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('refuses a web identity’s page alike', async () => {
    const url = `${server.httpUrl}/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15`
    const reply = await fetch(url, { headers: { origin: 'https://evil.example' } })
    expect([reply.status, await reply.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code>'),
    ])
  })
})

describe('identities I108: --cors-origin', () => {
  const origin = 'https://app.example.com'

  it('answers the preflight and lets the page read', async () => {
    const preflight = await call(
      { origin, 'access-control-request-headers': 'x-amz-target' },
      'OPTIONS',
    )
    expect([preflight.status, preflight.headers]).toEqual([
      204,
      expect.objectContaining({
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'x-amz-target',
        vary: 'origin',
      }),
    ])
    const reply = await call({ origin })
    expect(reply.text).toContain('ResourceNotFoundException')
    expect(reply.headers).toMatchObject({ 'access-control-allow-origin': origin })
  })

  it('other origins get no preflight', async () => {
    const preflight = await call({ origin: 'https://evil.example' }, 'OPTIONS')
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin')
  })
})
