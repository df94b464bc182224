/** design 1: the admin API and the console against web pages of others. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept } from '@muster/model'
import type { Mount } from '../../src/mount.ts'
import { startFixture, type HttpFixture } from './http-fixture.ts'
import { signedFetch } from './signed-fetch.ts'

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

describe('design 1: the well-known key', () => {
  it('is of no use to a page of another site', async () => {
    const foreign = { url: '/things/T', headers: { origin: 'https://evil.example' } }
    const reply = await signedFetch(open.endpoint, foreign)
    expect([reply.status, reply.error]).toEqual([403, 'AccessDeniedException'])
  })

  it('serves pages of this host, whatever their port', async () => {
    const local = { url: '/things/T', headers: { origin: 'http://localhost:5173' } }
    expect((await signedFetch(open.endpoint, local)).status).toBe(200)
  })

  it('no cross-origin permission is ever given', async () => {
    const reply = await signedFetch(open.endpoint, { url: '/things/T' })
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  })
})

it('a mount that fails answers 500', async () => {
  expect(await get(open.port, '/broken/')).toMatch(/^500 /)
})
