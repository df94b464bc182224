/** The console's static files as browsers ask for them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gunzipSync, gzipSync, brotliDecompressSync } from 'node:zlib'
import type { Answer } from '@muster/aws-protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleMount } from '../src/admin/console-mount.ts'
import type { Mount } from '../src/mount.ts'

const page = '<!doctype html><title>Muster</title>'
const script = 'export const answer = 42'
let mount: Mount
let dist: string

beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), 'muster-console-'))
  mkdirSync(join(dist, 'assets'))
  writeFileSync(join(dist, 'index.html'), page)
  writeFileSync(join(dist, 'index.html.br'), brotliCompressSync(page))
  writeFileSync(join(dist, 'assets', 'a.js'), script)
  writeFileSync(join(dist, 'assets', 'a.js.br'), brotliCompressSync(script))
  writeFileSync(join(dist, 'assets', 'a.js.gz'), gzipSync(script))
  mount = consoleMount(() => dist)
})

afterAll(() => rmSync(dist, { recursive: true, force: true }))

async function get(path: string, acceptEncoding?: string): Promise<Answer> {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }
  const answer = await mount.answer(
    {
      method: 'GET',
      path: `/console/${path}`,
      query: '',
      headers,
      body: new Uint8Array(),
      sourceIp: '127.0.0.1',
      secureTransport: false,
      isGone: () => false,
    },
    path,
  )
  if (!('body' in answer)) throw new Error('expected an answer with a body')
  return answer
}

describe('the console', () => {
  it.each([
    { accept: 'gzip, deflate, br, zstd', encoding: 'br' },
    { accept: 'gzip, br;q=0', encoding: 'gzip' },
    { accept: 'br;q=0.5', encoding: 'br' },
    { accept: 'identity', encoding: undefined },
    { accept: undefined, encoding: undefined },
  ])('goes compressed as $accept allows', async ({ accept, encoding }) => {
    const { headers, body } = await get('assets/a.js', accept)
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
    expect(headers['content-encoding']).toBe(encoding)
    const plain =
      encoding === 'br'
        ? brotliDecompressSync(body)
        : encoding === 'gzip'
          ? gunzipSync(body)
          : Buffer.from(body)
    expect(plain.toString()).toBe(script)
  })

  it.each(['', 'jobs/reboot', 'things/lamp.js', 'jobs/a%2Fb?page=2'])(
    'answers its own route `%s` with the page',
    async (path) => {
      const { status, headers, body } = await get(path)
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
      })
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(Buffer.from(body).toString()).toBe(page)
    },
  )

  it('answers a part of an older build with 404, not with a page', async () => {
    expect((await get('assets/gone.js')).status).toBe(404)
  })

  it.each(['..%2fsecret.html', '../secret.html', '%2fetc/hosts.html'])(
    'reads nothing outside its folder: %s',
    async (path) => {
      expect(Buffer.from((await get(path)).body).toString()).toBe(page)
    },
  )
})
