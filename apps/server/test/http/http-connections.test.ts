/** Slow, silent and upgrading clients on the HTTP listener. */
import { connect, type Socket } from 'node:net'
import { accept } from '@muster/model'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { IamUsers } from '../../src/authentication/iam-users.ts'
import { defaultOperators } from '../../src/authentication/default-operators.ts'
import type { OperationCall } from '../../src/operations/operation.ts'
import { signedUpgrade, type SignedUpgrade } from '../../src/listeners/http-upgrade.ts'
import { accountId, startFixture, type HttpFixture } from './http-fixture.ts'
import { presignedUrl, signedFetch, signedHeaders } from './signed-fetch.ts'

let fixture: HttpFixture
const upgrades: SignedUpgrade[] = []
const held: OperationCall[] = []
beforeAll(async () => {
  fixture = await startFixture({
    iot: {
      DescribeThing: () => accept({}),
      ListThings: (call) => {
        held.push(call)
        return new Promise(() => {})
      },
    },
    limits: { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 25 },
    upgrade: signedUpgrade({
      authentication: {
        region: 'us-east-1',
        keys: new IamUsers(defaultOperators(accountId, true, undefined)),
        wallMs: () => Date.now(),
        knownHosts: ['localhost', '127.0.0.1'],
      },
      accept: (upgrade) => {
        upgrades.push(upgrade)
        upgrade.socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
      },
    }),
  })
})
afterAll(() => fixture.close())

/** Sends and gives everything that comes until the server closes. */
function exchange(bytes: string, open?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(fixture.port, '127.0.0.1', () => {
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
  it('a silent client is disconnected', async () => {
    expect(await exchange('')).toMatch(/^HTTP\/1.1 408 /)
  })

  it('a client that never ends its headers is disconnected', async () => {
    expect(await exchange('GET / HTTP/1.1\r\nhost: localhost\r\n')).toMatch(/^HTTP\/1.1 408 /)
  })

  it('a client that never ends its body is disconnected', async () => {
    const head = 'POST /things/T HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n'
    expect(await exchange(`${head}x`)).toMatch(/^HTTP\/1.1 408 /)
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

describe('gateway G126: upgrades', () => {
  const asking = 'connection: upgrade\r\nupgrade: websocket\r\n'

  function upgrade(url: string, headers = ''): Promise<string> {
    const host = `host: 127.0.0.1:${fixture.port}\r\n`
    return exchange(`GET ${url} HTTP/1.1\r\n${host}${asking}${headers}\r\n`)
  }

  it('a presigned one is handed over with its operator', async () => {
    const url = await presignedUrl(fixture.endpoint, { url: '/mqtt', service: 'iotdevicegateway' })
    expect(await upgrade(url)).toMatch(/^HTTP\/1.1 101 /)
    expect(upgrades.at(-1)).toMatchObject({ accessKeyId: 'test', identity: { userName: 'test' } })
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
