/**
 * Where job documents may come from (jobs J67).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FetchError } from '../../src/fetch-public.ts'
import { documentSourceReader } from '../../src/operations/jobs-document-source.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'))
  mkdirSync(join(folder, 's3', 'bucket'), { recursive: true })
  mkdirSync(join(folder, 'documents'))
  writeFileSync(join(folder, 's3', 'bucket', 'job.json'), '{"from":"s3"}')
  writeFileSync(join(folder, 'documents', 'job.json'), '{"from":"file"}')
  writeFileSync(join(folder, 'documents', 'large.json'), `"${'x'.repeat(32_767)}"`)
  writeFileSync(join(folder, 'documents', 'latin1.json'), Buffer.from([0x22, 0xff, 0x22]))
  writeFileSync(join(folder, 'outside.json'), '{}')
  const versions = join(folder, 's3', '.versions', 'bucket', 'job.json')
  mkdirSync(versions, { recursive: true })
  writeFileSync(join(versions, 'V1'), '{"from":"version 1"}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('jobs J67: reads S3 URLs, their versions and files from the allowed folders', async () => {
  const read = documentSourceReader({
    s3Folder: join(folder, 's3'),
    documentFolder: join(folder, 'documents'),
  })
  expect(await read('https://s3.amazonaws.com/bucket/job.json')).toEqual({
    ok: true,
    value: '{"from":"s3"}',
  })
  expect(
    await read('https://bucket.s3.eu-west-1.amazonaws.com/job.json?versionId=V1'),
  ).toMatchObject({ value: '{"from":"version 1"}' })
  const file = pathToFileURL(join(folder, 'documents', 'job.json')).href
  expect(await read(file)).toEqual({ ok: true, value: '{"from":"file"}' })
})

it('jobs J67: refuses everything else, in the words of AWS', async () => {
  const read = documentSourceReader({
    s3Folder: join(folder, 's3'),
    documentFolder: join(folder, 'documents'),
  })
  const file = (name: string): string => pathToFileURL(join(folder, name)).href
  const invalid = 'Job document source {} is invalid.'
  const missing = 'Job document located at {} is not found.'
  const keyless = 'Provided S3 url is not valid: {}. Error: Key cannot be null'
  for (const [source, message] of [
    ['https://s3.amazonaws.com/bucket/none.json', missing],
    ['https://s3.amazonaws.com/bucket/%zz', missing],
    ['https://s3.amazonaws.com/bucket/job.json?versionId=..', missing],
    ['https://s3.amazonaws.com/bucket/..%2F..%2Foutside.json', missing],
    ['s3://bucket/job%2Ejson', missing],
    ['https://s3.amazonaws.com/nowhere/job.json', 'Bucket specified by url: {} is not found.'],
    ['s3://nowhere/job.json', 'Bucket specified by url: {} is not found.'],
    ['s3://bucket', keyless],
    ['https://s3.us-east-1.amazonaws.com/bucket/', keyless],
    [file('outside.json'), missing],
    [file('documents/../outside.json'), missing],
    [file('documents/latin1.json'), 'Job document located at {} is an invalid JSON document.'],
    ['http://example.com/job.json', invalid],
    ['ftp://example.com', invalid],
    ['https://example.com/job.json', invalid],
    ['https://localhost:1/job.json', invalid],
    ['file://host/x', 'documentSource `{}` cannot be read: it is no file URL'],
  ] as const) {
    const error = { code: 'InvalidRequestException', message: message.replace('{}', source) }
    expect(await read(source)).toEqual({ ok: false, error })
  }
  const large = file('documents/large.json')
  expect(await read(large)).toMatchObject({
    error: {
      code: 'LimitExceededException',
      message: `Job document from ${large} exceeds size limit 32768 bytes.`,
    },
  })
  for (const source of [
    's3://bucket/job.json',
    'http://s3.eu-west-1.amazonaws.com/bucket/job.json',
  ]) {
    expect(await read(source), source).toMatchObject({ value: '{"from":"s3"}' })
  }
})

it('says which flag is missing', async () => {
  const read = documentSourceReader({ s3Folder: undefined, documentFolder: undefined })
  expect(await read('https://s3.amazonaws.com/b/k')).toMatchObject({
    error: { message: expect.stringContaining('--s3-folder') as string },
  })
  expect(await read('file:///x')).toMatchObject({
    error: { message: expect.stringContaining('--document-folder') as string },
  })
})

it('jobs J67: with --fetch-documents others are fetched, and refused with the reason', async () => {
  const asked: [string, number][] = []
  const read = documentSourceReader({
    s3Folder: undefined,
    documentFolder: undefined,
    fetchPublic: (source, bytesMax) => {
      asked.push([source.href, bytesMax])
      if (source.pathname !== '/job.json') return Promise.reject(new FetchError('it is private'))
      return Promise.resolve(Buffer.from('{"from":"https"}'))
    },
  })
  const good = await read('https://example.com/job.json')
  expect(good).toEqual({ ok: true, value: '{"from":"https"}' })
  expect(await read('https://example.com/other')).toMatchObject({
    error: { message: expect.stringContaining('it is private') as string },
  })
  expect(await read('http://example.com/job.json')).toMatchObject({ ok: false })
  expect(asked).toEqual([
    ['https://example.com/job.json', 32_768],
    ['https://example.com/other', 32_768],
  ])
})
