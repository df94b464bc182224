/** design 1: the admin API and the console against web pages of others. */
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readIamAccount } from '@muster/iam'
import { accept } from '@muster/model'
import {
  defaultOperators,
  type EnvironmentKey,
} from '../../src/authentication/default-operators.ts'
import type { AccessKeys } from '../../src/authentication/access-keys.ts'
import { signedUpgrade } from '../../src/listeners/http-upgrade.ts'
import type { Mount } from '../../src/mount.ts'
import { accountId, keysOf, startFixture, type HttpFixture, refusals } from './http-fixture.ts'
import { presignedUrl, send, signedFetch } from './signed-fetch.ts'

const admin: Mount = {
  prefix: '/_muster/',
  guarded: (path) => path !== 'health',
  answer: ({ body }, path) => ({
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: `${path} ${Buffer.from(body).toString()}`,
  }),
}
const consolePages: Mount = {
  ...admin,
  prefix: '/console/',
  guarded: true,
  needsToken: () => false,
}
const broken: Mount = {
  prefix: '/broken/',
  guarded: false,
  answer: () => {
    throw new Error('a bug')
  },
}

let open: HttpFixture
let closed: HttpFixture
beforeAll(async () => {
  const mounts = [admin, consolePages, broken]
  open = await startFixture({ mounts, iot: { DescribeThing: () => accept({}) } })
  closed = await startFixture({ mounts, adminToken: 'secret' })
})
afterAll(async () => {
  await open.close()
  await closed.close()
})

/** `fetch` sets Host itself. */
function get(port: number, path: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path, headers, method: 'POST' }
    const sent = request(options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(`${response.statusCode} ${text}`))
    })
    sent.on('error', reject)
    sent.end('body')
  })
}

describe('design 1: Host and Origin', () => {
  it('a known Host passes, with any port', async () => {
    expect(await get(open.port, '/_muster/clock?x=1')).toBe('200 clock body')
    expect(await get(open.port, '/_muster/clock', { host: 'localhost' })).toBe('200 clock body')
    expect(await get(open.port, '/_muster/clock', { host: 'LOCALHOST:1' })).toBe('200 clock body')
  })

  it('a rebound name is refused', async () => {
    expect(await get(open.port, '/_muster/reset', { host: 'evil.example' })).toMatch(/^403 /)
    expect(await get(open.port, '/console/', { host: 'evil.example' })).toMatch(/^403 /)
  })

  it('a foreign Origin is refused, another port of this host too', async () => {
    const host = `localhost:${open.port}`
    const from = (origin: string): Promise<string> =>
      get(open.port, '/_muster/reset', { host, origin })
    expect(await from('https://evil.example')).toMatch(/^403 /)
    expect(await from('http://localhost:1')).toMatch(/^403 /)
    expect(await from('null')).toMatch(/^403 /)
    expect(await from(`http://${host}`)).toBe('200 reset body')
  })

  it('`/_muster/health` answers whoever asks', async () => {
    expect(await get(open.port, '/_muster/health', { host: 'evil.example' })).toBe(
      '200 health body',
    )
    expect(await get(closed.port, '/_muster/health')).toBe('200 health body')
  })
})

describe('design 1: the admin token', () => {
  it('is asked for where one is set', async () => {
    expect(await get(closed.port, '/_muster/clock')).toMatch(/^401 /)
    expect(await get(closed.port, '/_muster/clock', { authorization: 'Bearer no' })).toMatch(/^401/)
    const authorization = 'Bearer secret'
    expect(await get(closed.port, '/_muster/clock', { authorization })).toBe('200 clock body')
  })

  it('is not asked for to load the console', async () => {
    expect(await get(closed.port, '/console/')).toMatch(/^200/)
  })
})

describe('design 1: keys that a page can guess, wherever they came from', () => {
  const foreign = { origin: 'https://evil.example' }
  const strong = { accessKeyId: 'AKIASTRONG', secretAccessKey: randomBytes(30).toString('base64') }
  const iamFile = (accessKeyId: string, secretAccessKey: string): AccessKeys => {
    const users = [{ userName: 'ops', accessKeys: [{ accessKeyId, secretAccessKey }] }]
    const parsed = readIamAccount({ users }, { accountId, readKeySet: () => '' })
    if (!parsed.ok) throw new Error(parsed.error.message)
    return keysOf(parsed.value)
  }
  const environment = (accessKeyId: string, secretAccessKey: string): AccessKeys =>
    keysOf(defaultOperators(accountId, false, { accessKeyId, secretAccessKey }))

  async function statuses(
    keys: AccessKeys,
    { accessKeyId, secretAccessKey }: EnvironmentKey,
  ): Promise<number[]> {
    const fixture = await startFixture({
      keys,
      iot: { CreateThing: () => accept({}), DescribeThing: () => accept({}) },
      upgrade: signedUpgrade({
        refusals,
        authentication: {
          region: 'us-east-1',
          keys,
          wallMs: () => Date.now(),
          knownHosts: ['127.0.0.1'],
          corsOrigins: [],
        },
        accept: ({ socket }) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      }),
    })
    try {
      const key = { accessKeyId, secretAccessKey }
      const header = await signedFetch(fixture.endpoint, {
        url: '/things/T',
        headers: foreign,
        ...key,
      })
      const link = { method: 'POST', url: '/things/T', ...key }
      const presigned = await send(fixture.endpoint, await presignedUrl(fixture.endpoint, link), {
        method: 'POST',
        headers: foreign,
      })
      const image = { url: '/things/T', ...key }
      const embedded = await send(fixture.endpoint, await presignedUrl(fixture.endpoint, image), {
        headers: { 'sec-fetch-site': 'cross-site' },
      })
      const socketUrl = await presignedUrl(fixture.endpoint, {
        url: '/mqtt',
        service: 'iotdevicegateway',
        ...key,
      })
      return [
        header.status,
        presigned.status,
        embedded.status,
        await upgradeStatus(fixture.port, socketUrl),
      ]
    } finally {
      await fixture.close()
    }
  }

  it.each([
    ['the default operator', 'test', 'test'],
    ['a short secret', 'AKIAOPS', 'secret'],
    ['one character', 'AKIAOPS', 'a'.repeat(40)],
    ['its own id', 'AKIAOPERATOROPERATOR', 'AKIAOPERATOROPERATOR'],
    [
      'an example of the guides',
      'AKIAOPS',
      ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/'),
    ],
  ])('%s is of no use to a page of another site, from file or environment', async (...given) => {
    const [, accessKeyId, secretAccessKey] = given
    const key = { accessKeyId, secretAccessKey }
    for (const keys of [iamFile, environment]) {
      const found = await statuses(keys(accessKeyId, secretAccessKey), key)
      expect(found).toEqual([403, 403, 403, 403])
    }
  })

  it('a long random secret is: who knows it was told', async () => {
    const { accessKeyId, secretAccessKey } = strong
    const found = await statuses(environment(accessKeyId, secretAccessKey), strong)
    expect(found).toEqual([200, 200, 200, 101])
  })

  it('the default key serves pages of this host, whatever their port', async () => {
    const local = { url: '/things/T', headers: { origin: 'http://localhost:5173' } }
    expect((await signedFetch(open.endpoint, local)).status).toBe(200)
  })

  it('no cross-origin permission is ever given', async () => {
    const reply = await signedFetch(open.endpoint, { url: '/things/T' })
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('what browsers are told of the pages', () => {
  const inHeaders = {
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }

  it.each(['/console/', '/_muster/clock', '/broken/', '/_muster/health'])(
    '%s is not framed, sniffed or told of, whatever it answers',
    async (path) => {
      const { headers } = await fetch(`${open.endpoint}${path}`)
      expect(Object.fromEntries(headers)).toMatchObject(inHeaders)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    },
  )

  it('refusals too', async () => {
    const { headers, status } = await fetch(`${closed.endpoint}/_muster/clock`)
    expect(status).toBe(401)
    expect(Object.fromEntries(headers)).toMatchObject(inHeaders)
  })
})

function upgradeStatus(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
      origin: 'https://evil.example',
    }
    const asked = request({ port, host: '127.0.0.1', path, headers })
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode ?? 0)
    })
    asked.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end()
  })
}

it('a mount that fails answers 500', async () => {
  expect(await get(open.port, '/broken/')).toMatch(/^500 /)
})
