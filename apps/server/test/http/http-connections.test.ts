/** Slow, silent and upgrading clients on the HTTP listener. */
import { connect, type Socket } from 'node:net'
import { accept } from '@muster/model'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { defaultOperators } from '../../src/authentication/default-operators.ts'
import { signedUpgrade, type SignedUpgrade } from '../../src/listeners/http-upgrade.ts'
import {
  accountId,
  keysOf,
  startFixture,
  type HttpFixture,
  type StubCall,
  refusals,
} from './http-fixture.ts'
import { presignedUrl, signedFetch, signedHeaders } from './signed-fetch.ts'

let fixture: HttpFixture
/** Its clients have a fifth of a second for a request. */
let hurried: HttpFixture
const upgrades: SignedUpgrade[] = []
const held: StubCall[] = []
const slow: (() => void)[] = []
beforeAll(async () => {
  fixture = await startFixture({
    iot: {
      DescribeThing: ({ input }) =>
        input['thingName'] === 'slow'
          ? new Promise((resolve) => {
              slow.push(() => resolve(accept({})))
            })
          : accept({}),
      ListThings: (call) => {
        held.push(call)
        return new Promise(() => {})
      },
    },
    upgrade: signedUpgrade({
      refusals,
      authentication: {
        region: 'us-east-1',
        keys: keysOf(defaultOperators(accountId, true, undefined)),
        wallMs: () => Date.now(),
        knownHosts: ['localhost', '127.0.0.1'],
        corsOrigins: [],
      },
      accept: (upgrade) => {
        upgrades.push(upgrade)
        upgrade.socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
      },
    }),
  })
})
beforeAll(async () => {
  const limits = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 25 }
  hurried = await startFixture({ limits })
})
afterAll(() => Promise.all([fixture.close(), hurried.close()]))

/** Sends and gives everything that comes until the server closes. */
function exchange(
  bytes: string,
  open?: (socket: Socket) => void,
  { port }: HttpFixture = fixture,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      open?.(socket)
    })
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

describe('limits', () => {
  const hurry = (bytes: string): Promise<string> => exchange(bytes, undefined, hurried)

  it('a silent client is disconnected', async () => {
    expect(await hurry('')).toMatch(/^HTTP\/1.1 408 /)
  })

  it('a client that never ends its headers is disconnected', async () => {
    expect(await hurry('GET / HTTP/1.1\r\nhost: localhost\r\n')).toMatch(/^HTTP\/1.1 408 /)
  })

  it('a client that never ends its body is disconnected', async () => {
    const head = 'POST /things/T HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n'
    expect(await hurry(`${head}x`)).toMatch(/^HTTP\/1.1 408 /)
  })

  it('a client that leaves in the middle of its body harms nobody', async () => {
    const head = 'POST /things/T HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n'
    await exchange(`${head}x`, (socket) => socket.destroy())
    expect((await signedFetch(fixture.endpoint, { url: '/things/T' })).status).toBe(200)
  })
})

it('gateway G123: an operation can tell that its client has left', async () => {
  const leaving = new AbortController()
  const init = { headers: await signedHeaders(fixture.endpoint, { url: '/things' }) }
  const asked = fetch(`${fixture.endpoint}/things`, { ...init, signal: leaving.signal })
  await vi.waitUntil(() => held.length === 1)
  expect(held[0]?.isGone()).toBe(false)
  leaving.abort()
  await expect(asked).rejects.toThrow('aborted')
  await vi.waitUntil(() => held[0]?.isGone())
})

describe('gateway G128, G129: what is no request is answered like one', () => {
  const host = 'host: localhost\r\n'
  it.for([
    ['an unknown method', `BREW / HTTP/1.1\r\n${host}\r\n`, 400, 'InvalidRequestException'],
    [
      'a header that is none',
      `GET / HTTP/1.1\r\n${host}a b\r\n\r\n`,
      400,
      'InvalidRequestException',
    ],
    ['no HTTP', 'hello\r\n\r\n', 400, 'InvalidRequestException'],
    [
      'a bad chunk',
      `POST /things/T HTTP/1.1\r\n${host}transfer-encoding: chunked\r\n\r\nxyz\r\n`,
      400,
      'InvalidRequestException',
    ],
    [
      'headers of 20 KB',
      `GET / HTTP/1.1\r\n${host}a: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'RequestHeaderFieldsTooLargeException',
    ],
    ['no Host', 'GET /things/T HTTP/1.1\r\n\r\n', 400, 'InvalidRequestException'],
    [
      'two Hosts',
      'GET /things/T HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n\r\n',
      400,
      'InvalidRequestException',
    ],
    [
      'two Hosts of HTTP/1.0',
      'GET /things/T HTTP/1.0\r\nHost: localhost\r\nHost: evil.example\r\n\r\n',
      400,
      'InvalidRequestException',
    ],
    [
      'two Hosts of an upgrade',
      'GET /mqtt HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n' +
        'Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      400,
      'InvalidRequestException',
    ],
    ['no end', `GET / HTTP/1.1\r\n${host}`, 408, 'RequestTimeoutException'],
    [
      'an expectation',
      `GET / HTTP/1.1\r\n${host}connection: close\r\nexpect: tea\r\n\r\n`,
      417,
      'ExpectationFailedException',
    ],
    ['CONNECT', `CONNECT localhost:80 HTTP/1.1\r\n${host}\r\n`, 404, 'UnknownOperationException'],
  ] as const)('%s', async ([, bytes, status, error]) => {
    const text = await exchange(bytes, undefined, status === 408 ? hurried : fixture)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} [A-Z]`))
    expect(text).toMatch(/^date: .*GMT\r$/im)
    expect(text).toMatch(/^x-amzn-requestid: [0-9a-f-]{36}\r$/im)
    expect(text).toMatch(new RegExp(`^x-amzn-errortype: ${error}\r$`, 'im'))
    expect(text).toMatch(/^connection: close\r$/im)
    const [head = '', body = ''] = text.split('\r\n\r\n')
    expect(JSON.parse(body)).toEqual({ message: expect.stringMatching(/./) as string })
    expect(head).toMatch(new RegExp(`^content-length: ${body.length}\r?$`, 'im'))
  })

  it('HTTP/1.0 needs no Host', async () => {
    expect(await exchange('GET /things/T HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /)
  })

  it('an answer that is ready after the fault, or a client that is gone, harms nobody', async () => {
    const url = '/things/slow'
    const headers = Object.entries(await signedHeaders(fixture.endpoint, { url }))
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const good = `GET ${url} HTTP/1.1\r\nhost: 127.0.0.1:${fixture.port}\r\n${lines}\r\n`
    const text = exchange(`${good}BREW / HTTP/1.1\r\n\r\n`)
    await vi.waitUntil(() => slow.length > 0)
    slow.at(-1)?.()
    expect(await text).toMatch(/^HTTP\/1.1 400 /)
    await exchange('BREW / HTTP/1.1\r\n\r\n', (socket) => socket.resetAndDestroy())
    await exchange(`BREW / HTTP/1.1\r\n\r\n${'x'.repeat(500_000)}`)
    expect((await signedFetch(fixture.endpoint, { url: '/things/T' })).status).toBe(200)
  })
})

it.each([
  ['no HTTP', 'BREW / HTTP/1.1\r\n\r\n'],
  [
    'a refused upgrade',
    'GET /mqtt HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  ],
])('%s: a client that keeps its side open is cut off', async (_what, bytes) => {
  const isCut = new Promise<void>((resolve) => {
    const socket = connect({ port: fixture.port, allowHalfOpen: true }, () => socket.write(bytes))
    let writing: NodeJS.Timeout | undefined
    socket.resume()
    socket.on('end', () => {
      writing = setInterval(() => socket.write('x'), 50)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(writing)
      resolve()
    })
  })
  await isCut
})

describe('gateway G126: upgrades', () => {
  const asking = 'connection: upgrade\r\nupgrade: websocket\r\n'

  function upgrade(url: string, headers = ''): Promise<string> {
    const host = `host: 127.0.0.1:${fixture.port}\r\n`
    return exchange(`GET ${url} HTTP/1.1\r\n${host}${asking}${headers}\r\n`)
  }

  it('a presigned one is handed over with its operator', async () => {
    const url = await presignedUrl(fixture.endpoint, { url: '/mqtt', service: 'iotdevicegateway' })
    expect(await upgrade(url)).toMatch(/^HTTP\/1.1 101 /)
    expect(upgrades.at(-1)?.key.identity()?.userName).toBe('test')
  })

  it('a header-signed one too', async () => {
    const init = { url: '/mqtt', service: 'iotdevicegateway' }
    const headers = Object.entries(await signedHeaders(fixture.endpoint, init))
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    expect(await upgrade('/mqtt', lines)).toMatch(/^HTTP\/1.1 101 /)
  })

  it.for([
    ['no signature', '/mqtt', 403, 'MissingAuthenticationTokenException'],
    ['another path', '/other', 404, 'UnknownOperationException'],
  ] as const)('%s is refused without an upgrade', async ([, url, status, error]) => {
    const text = await upgrade(url)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text).toContain(`x-amzn-errortype: ${error}`)
    expect(text).toMatch(/date: .*GMT/)
  })

  it('a bad signature is 403', async () => {
    const init = { url: '/mqtt', service: 'iotdevicegateway', secretAccessKey: 'wrong' }
    const text = await upgrade(await presignedUrl(fixture.endpoint, init))
    expect(text).toMatch(/^HTTP\/1.1 403 [^]*InvalidSignatureException/)
  })

  it('another kind of upgrade is declined by answering', async () => {
    const h2c = 'connection: upgrade, close\r\nupgrade: h2c\r\n'
    const host = `host: 127.0.0.1:${fixture.port}\r\n`
    const headers = Object.entries(await signedHeaders(fixture.endpoint, { url: '/things/T' }))
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const text = await exchange(`GET /things/T HTTP/1.1\r\n${host}${h2c}${lines}\r\n`)
    expect(text).toMatch(/^HTTP\/1.1 200 /)
  })
})
