/**
 * Links to the folder that stands for S3: signed, expiring on the server's clock, never out of the
 * folder, and answered as S3 answers.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '@muster/clock'
import { openStore } from '@muster/store'
import { CreateJobCommand } from '@aws-sdk/client-iot'
import { StartNextPendingJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { createDevice, startTestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openS3Links, type S3Links } from '../../src/s3/s3-links.ts'
import { s3Object } from '../../src/s3/s3-object.ts'
import { startFixture, type HttpFixture } from '../http/http-fixture.ts'

const clock = new VirtualClock(Date.UTC(2026, 0, 1))
const store = openStore()
let folder: string
let links: S3Links
let fixture: HttpFixture

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 's3-'))
  const bucket = join(folder, 's3', 'bucket')
  mkdirSync(join(bucket, 'a'), { recursive: true })
  writeFileSync(join(bucket, 'a', 'b c.bin'), 'firmware')
  writeFileSync(join(bucket, '100%.bin'), 'odd name')
  writeFileSync(join(bucket, 'empty'), '')
  const versions = join(folder, 's3', '.versions', 'bucket', 'a', 'b c.bin')
  mkdirSync(versions, { recursive: true })
  writeFileSync(join(versions, 'V.1_a-b'), 'old firmware')
  writeFileSync(join(folder, 'secret'), 'secret')
  symlinkSync(join(folder, 'secret'), join(bucket, 'link'))
  fixture = await startFixture({
    mounts: [{ prefix: '/s3/', guarded: false, answer: (...call) => links.mount.answer(...call) }],
  })
  links = open()
})
afterAll(async () => {
  await fixture.close()
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(): S3Links {
  const baseUrl = (): string => fixture.endpoint
  return openS3Links({
    clock,
    records: store.records,
    region: 'us-east-1',
    s3Folder: join(folder, 's3'),
    baseUrl,
  })
}

function linkTo(url: string): string {
  return links.presign('GET', url, 600, clock.nowMs())
}

const firmware = (): string => linkTo('https://s3.amazonaws.com/bucket/a/b%20c.bin')

interface Got {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

async function get(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Got> {
  const response = await fetch(url, { method, headers })
  return { status: response.status, headers: response.headers, body: await response.text() }
}

it.each([
  ['path-style', 'https://s3.us-east-1.amazonaws.com/bucket/a/b%20c.bin', 'firmware'],
  ['without a region', 'https://s3.amazonaws.com/bucket/a/b%20c.bin', 'firmware'],
  ['virtual-hosted', 'https://bucket.s3.us-east-1.amazonaws.com/a/b%20c.bin', 'firmware'],
  ['not escaped', 'https://bucket.s3.amazonaws.com/a/b c.bin', 'firmware'],
  ['escaped throughout', 'https://bucket.s3.amazonaws.com/a%2Fb%20c.bin', 'firmware'],
  ['that cannot be unescaped', 'https://s3.amazonaws.com/bucket/100%.bin', 'odd name'],
  [
    'with a version',
    'https://s3.us-east-1.amazonaws.com/bucket/a/b%20c.bin%3FversionId%3DV.1_a-b',
    'old firmware',
  ],
  [
    'with a version in a query',
    'https://bucket.s3.amazonaws.com/a/b%20c.bin?versionId=V.1_a-b',
    'old firmware',
  ],
  [
    'with the version of what has none',
    'https://bucket.s3.amazonaws.com/a/b%20c.bin?versionId=null',
    'firmware',
  ],
])('jobs J103: an S3 URL %s leads to the file', async (_form, url, content) => {
  expect(await get(linkTo(url))).toMatchObject({ status: 200, body: content })
})

it('jobs J103: a link is of this server and names bucket, key and version', () => {
  const link = linkTo('https://bucket.s3.amazonaws.com/a/b%20c.bin?versionId=V1')
  const [address, query] = link.split('?')
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s3\/bucket\/a\/b%20c\.bin$/)
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': expect.stringMatching(/\/us-east-1\/s3\/aws4_request$/) as string,
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-Expires': '600',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': expect.stringMatching(/^\w+$/) as string,
    versionId: 'V1',
  })
  for (const url of [
    'https://example.com/bucket/key',
    'https://s3.amazonaws.com/bucket',
    'https://s3.amazonaws.com/bucket/key?versionId=1&x=2',
    'https://s3.amazonaws.com.evil.example/bucket/key',
  ]) {
    expect(s3Object(url), url).toBeUndefined()
  }
})

it('jobs J103: a link lasts as long as asked, across a restart', async () => {
  const link = links.presign('GET', 'https://s3.amazonaws.com/bucket/a/b c.bin', 60, clock.nowMs())
  links = open()
  await clock.advance(59_000)
  expect((await get(link)).status).toBe(200)
  await clock.advance(1000)
  expect(await get(link)).toMatchObject({
    status: 403,
    body: expect.stringContaining('<Message>Request has expired</Message>') as string,
  })
})

it('refuses changed links, other verbs, missing files and ways out of the folder', async () => {
  const key = (name: string): string => linkTo(`https://s3.amazonaws.com/bucket/${name}`)
  const good = firmware()
  const version = linkTo('https://s3.amazonaws.com/bucket/a/b c.bin?versionId=V.1_a-b')
  for (const [link, status, code, method] of [
    [good.replace('b%20c', 'other'), 403, 'SignatureDoesNotMatch'],
    [good.replace(/Expires=\d/, 'Expires=9'), 403, 'SignatureDoesNotMatch'],
    [good.replace('?', '?versionId=V.1_a-b&'), 403, 'SignatureDoesNotMatch'],
    [version.replace('versionId=V.1_a-b&', ''), 403, 'SignatureDoesNotMatch'],
    [good.split('?')[0] ?? '', 403, 'SignatureDoesNotMatch'],
    [good.replace('b%20c', '%zz'), 403, 'SignatureDoesNotMatch'],
    [good.replace(/Date=\d/, 'Date=9'), 403, 'SignatureDoesNotMatch'],
    [good, 403, 'SignatureDoesNotMatch', 'PUT'],
    [good, 405, 'MethodNotAllowed', 'DELETE'],
    [key('nothing'), 404, 'NoSuchKey'],
    [key('link'), 404, 'NoSuchKey'],
    [key('a'), 404, 'NoSuchKey'],
    [key('..%2F..%2Fsecret'), 404, 'NoSuchKey'],
    [key('a%00'), 404, 'NoSuchKey'],
    [key('a/b c.bin?versionId=V9'), 404, 'NoSuchVersion'],
    [key('a/b c.bin?versionId=..'), 404, 'NoSuchVersion'],
  ] as const) {
    const got = await get(link, {}, method)
    expect([link, got.status, /<Code>(\w+)</.exec(got.body)?.[1]]).toEqual([link, status, code])
  }
})

it('jobs J129: an upload link writes its one object, whole, and never out of the bucket', async () => {
  const put = async (url: string, body: string): Promise<string> => {
    const link = links.presign('PUT', url, 60, clock.nowMs())
    const response = await fetch(link, { method: 'PUT', body })
    return `${response.status} ${/<Code>(\w+)</.exec(await response.text())?.[1] ?? ''}`
  }
  const log = 'https://s3.amazonaws.com/bucket/logs/T1/J1.log'
  expect(await put(log, 'one')).toBe('200 ')
  expect(await put(log, 'two')).toBe('200 ')
  expect(await get(linkTo(log))).toMatchObject({ status: 200, body: 'two' })
  expect(await put('https://s3.amazonaws.com/nowhere/k', 'x')).toBe('404 NoSuchBucket')
  for (const key of ['..%2F..%2Fsecret', '..%2Fbucket2%2Fk', 'a', 'a%2F', 'a%00b', 'x%2F..%2Fy']) {
    expect(await put(`https://s3.amazonaws.com/bucket/${key}`, 'x'), key).toBe(
      '400 InvalidArgument',
    )
  }
  const upload = links.presign('PUT', log, 60, clock.nowMs())
  expect((await get(upload)).status).toBe(403)
  expect(await get(linkTo('https://s3.amazonaws.com/bucket/a/b%20c.bin'))).toMatchObject({
    body: 'firmware',
  })
})

it('answers ranges as S3 does: one of them, a suffix, 416 beyond the end', async () => {
  const link = firmware()
  for (const [range, status, body, contentRange] of [
    ['bytes=0-3', 206, 'firm', 'bytes 0-3/8'],
    ['bytes=4-', 206, 'ware', 'bytes 4-7/8'],
    ['bytes=-3', 206, 'are', 'bytes 5-7/8'],
    ['bytes=-99', 206, 'firmware', 'bytes 0-7/8'],
    ['bytes=7-99', 206, 'e', 'bytes 7-7/8'],
    ['bytes=0-1,3-4', 200, 'firmware', null],
    ['bytes=5-2', 200, 'firmware', null],
    ['lines=0-1', 200, 'firmware', null],
    ['bytes=-', 200, 'firmware', null],
  ] as const) {
    const got = await get(link, { range })
    const found = [got.status, got.body, got.headers.get('content-range')]
    expect([range, ...found]).toEqual([range, status, body, contentRange])
    expect(got.headers.get('accept-ranges')).toBe('bytes')
    expect(got.headers.get('content-length')).toBe(String(body.length))
  }
  for (const range of ['bytes=8-', 'bytes=9-12', 'bytes=-0']) {
    const got = await get(link, { range })
    expect([got.status, got.headers.get('content-range')]).toEqual([416, 'bytes */8'])
    expect(got.body).toContain('<Code>InvalidRange</Code>')
    expect(got.body).toContain('<ActualObjectSize>8</ActualObjectSize>')
  }
  const empty = linkTo('https://s3.amazonaws.com/bucket/empty')
  expect(await get(empty)).toMatchObject({ status: 200, body: '' })
  expect((await get(empty, { range: 'bytes=0-' })).status).toBe(416)
})

it('answers conditions as S3 does, and tags change with the file', async () => {
  const file = join(folder, 's3', 'bucket', 'tagged')
  writeFileSync(file, 'one')
  const link = linkTo('https://s3.amazonaws.com/bucket/tagged')
  const { headers } = await get(link)
  const etag = headers.get('etag') ?? ''
  const modified = headers.get('last-modified') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]{32}-1"$/)
  const past = 'Wed, 01 Jan 2020 00:00:00 GMT'
  for (const [asked, status] of [
    [{ 'if-match': etag }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': etag, 'if-unmodified-since': past }, 200],
    [{ 'if-unmodified-since': past }, 412],
    [{ 'if-unmodified-since': modified }, 200],
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': `"other", W/${etag}` }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': modified }, 200],
    [{ 'if-modified-since': modified }, 304],
    [{ 'if-modified-since': past }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ range: 'bytes=0-0', 'if-range': etag }, 206],
    [{ range: 'bytes=0-0', 'if-range': '"other"' }, 200],
    [{ range: 'bytes=0-0', 'if-range': modified }, 206],
    [{ range: 'bytes=0-0', 'if-range': past }, 200],
    [{ range: 'bytes=0-0', 'if-match': '"other"' }, 412],
  ] as const) {
    const got = await get(link, { ...asked })
    expect([asked, got.status]).toEqual([asked, status])
    if (status === 304) expect([got.body, got.headers.get('etag')]).toEqual(['', etag])
  }
  writeFileSync(file, 'other')
  expect((await get(link)).headers.get('etag')).not.toBe(etag)
  expect((await get(link, { 'if-match': etag })).status).toBe(412)
})

it('HEAD tells all that GET does, and sends nothing', async () => {
  const link = firmware()
  const [head, whole] = [await get(link, {}, 'HEAD'), await get(link)]
  expect([head.status, head.body]).toEqual([200, ''])
  for (const name of ['content-length', 'etag', 'last-modified', 'content-type', 'accept-ranges']) {
    expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)])
  }
  const part = await get(link, { range: 'bytes=1-2' }, 'HEAD')
  expect([part.status, part.headers.get('content-length')]).toEqual([206, '2'])
})

it('jobs J103: documents carry https links of the port that stands for 443', async () => {
  const server = await startTestServer({ s3Folder: join(folder, 's3') })
  onTestFinished(() => server.close())
  const { thingArn } = await createDevice(server.iot, 'T1')
  await server.iot.send(
    new CreateJobCommand({
      jobId: 'J1',
      targets: [thingArn],
      document: '{"from":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/bucket/a/b c.bin}"}',
      presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/r', expiresInSec: 60 },
    }),
  )
  await server.advance(1)
  const start = new StartNextPendingJobExecutionCommand({ thingName: 'T1' })
  const { execution } = await server.jobsData.send(start)
  const { from } = JSON.parse(execution?.jobDocument ?? '{}') as { from: string }
  expect(from).toMatch(new RegExp(`^https://localhost:${server.alpnPort}/s3/bucket/a/b%20c.bin\\?`))
  const body = await new Promise<string>((resolve, reject) => {
    const asked = httpsRequest(from, { ca: server.caPem, headers: { range: 'bytes=0-3' } })
    asked.on('response', (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(`${response.statusCode} ${text}`))
    })
    asked.on('error', reject)
    asked.end()
  })
  expect(body).toBe('206 firm')
})
