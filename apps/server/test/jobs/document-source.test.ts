/**
 * Where job documents may come from (jobs J67).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('reads S3 URLs and files from the allowed folders', async () => {
  const read = documentSourceReader({
    s3Folder: join(folder, 's3'),
    documentFolder: join(folder, 'documents'),
  })
  expect(await read('https://s3.amazonaws.com/bucket/job.json')).toEqual({
    ok: true,
    value: '{"from":"s3"}',
  })
  const file = pathToFileURL(join(folder, 'documents', 'job.json')).href
  expect(await read(file)).toEqual({ ok: true, value: '{"from":"file"}' })
})

it('refuses everything else with InvalidRequestException and a reason', async () => {
  const read = documentSourceReader({
    s3Folder: join(folder, 's3'),
    documentFolder: join(folder, 'documents'),
  })
  const file = (name: string): string => pathToFileURL(join(folder, name)).href
  for (const [source, why] of [
    ['https://s3.amazonaws.com/bucket/none.json', 'no such file'],
    ['https://s3.amazonaws.com/bucket/%zz', 'badly escaped'],
    [file('outside.json'), 'no such file'],
    [file('documents/../outside.json'), 'no such file'],
    [file('documents/large.json'), 'more than 32768 bytes'],
    [file('documents/latin1.json'), 'not UTF-8'],
    ['http://example.com/job.json', 'expected an S3 URL'],
    ['ftp://example.com', 'expected an S3 URL'],
    ['https://localhost:1/job.json', 'cannot be fetched'],
    ['file://host/x', 'no file URL'],
  ] as const) {
    const outcome = await read(source)
    if (outcome.ok) throw new Error(`${source} was read`)
    expect(outcome.error.code).toBe('InvalidRequestException')
    expect(outcome.error.message).toContain(why)
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
