/**
 * Links to the folder that stands for S3: signed, expiring on the server's clock, and never out of
 * the folder.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '@muster/clock'
import { openStore } from '@muster/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openS3Links, type S3Links } from '../../src/s3/s3-links.ts'
import { s3Object } from '../../src/s3/s3-object.ts'

const clock = new VirtualClock(Date.UTC(2026, 0, 1))
const store = openStore()
let folder: string
let links: S3Links

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 's3-'))
  mkdirSync(join(folder, 's3', 'bucket', 'a'), { recursive: true })
  writeFileSync(join(folder, 's3', 'bucket', 'a', 'b c.bin'), 'firmware')
  writeFileSync(join(folder, 'secret'), 'secret')
  symlinkSync(join(folder, 'secret'), join(folder, 's3', 'bucket', 'link'))
  links = open()
})
afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(): S3Links {
  const baseUrl = (): string => 'http://localhost:4566'
  return openS3Links({ clock, records: store.records, s3Folder: join(folder, 's3'), baseUrl })
}

async function get(url: string, method = 'GET'): Promise<{ status: number; body: string }> {
  const { pathname, search } = new URL(url)
  const request = {
    method,
    path: pathname,
    query: search.slice(1),
    headers: {},
    body: new Uint8Array(),
    sourceIp: '127.0.0.1',
    isGone: () => false,
  }
  const { status, body } = await links.mount.answer(request, pathname.slice('/s3/'.length))
  return { status, body: Buffer.from(body).toString() }
}

it('jobs J103: both forms of an S3 URL lead to the file', async () => {
  for (const url of [
    'https://s3.us-east-1.amazonaws.com/bucket/a/b%20c.bin',
    'https://s3.amazonaws.com/bucket/a/b%20c.bin',
    'https://bucket.s3.us-east-1.amazonaws.com/a/b%20c.bin',
  ]) {
    const link = links.presign(url, 60, clock.nowMs())
    expect(link).toMatch(/^http:\/\/localhost:4566\/s3\/bucket\/a\/b%20c\.bin\?/)
    expect(await get(link)).toEqual({ status: 200, body: 'firmware' })
  }
  expect(s3Object('https://example.com/bucket/key')).toBeUndefined()
})

it('jobs J103: a link lasts as long as asked, across a restart', async () => {
  const url = 'https://s3.amazonaws.com/bucket/a/b%20c.bin'
  const link = links.presign(url, 60, clock.nowMs())
  links = open()
  await clock.advance(59_000)
  expect((await get(link)).status).toBe(200)
  await clock.advance(1000)
  expect((await get(link)).status).toBe(403)
})

it('refuses changed links, other verbs, missing files and ways out of the folder', async () => {
  const link = (key: string): string =>
    links.presign(`https://s3.amazonaws.com/bucket/${key}`, 600, clock.nowMs())
  const good = link('a/b%20c.bin')
  expect((await get(good.replace('b%20c', 'other'))).status).toBe(403)
  expect((await get(good.replace(/Expires=\d/, 'Expires=9'))).status).toBe(403)
  expect((await get('http://localhost:4566/s3/bucket/a/b%20c.bin')).status).toBe(403)
  expect((await get(good, 'PUT')).status).toBe(405)
  expect((await get(link('nothing'))).status).toBe(404)
  expect((await get(link('link'))).status).toBe(404)
  expect((await get(link('a'))).status).toBe(404)
  expect((await get(link('..%2F..%2Fsecret'))).status).toBe(404)
  expect((await get(link('%zz'))).status).toBe(404)
})
