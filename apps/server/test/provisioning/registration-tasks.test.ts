/** Bulk registration from a file in a folder that stands for S3. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DescribeThingCommand,
  DescribeThingRegistrationTaskCommand,
  ListThingRegistrationTaskReportsCommand,
  ListThingRegistrationTasksCommand,
  StartThingRegistrationTaskCommand,
  StopThingRegistrationTaskCommand,
  type DescribeThingRegistrationTaskCommandOutput,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

let server: TestServer
const s3Folder = mkdtempSync(join(tmpdir(), 'muster-s3-'))
beforeAll(async () => {
  mkdirSync(join(s3Folder, 'bucket'))
  server = await startTestServer({ s3Folder })
})
afterAll(async () => {
  await server.close()
  rmSync(s3Folder, { recursive: true, force: true })
})

const templateBody = JSON.stringify({
  Parameters: {
    ThingName: { Type: 'String' },
    CSR: { Type: 'String' },
    Note: { Type: 'String', Default: '' },
  },
  Resources: {
    thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'ThingName' } } },
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateSigningRequest: { Ref: 'CSR' } },
    },
  },
})
const roleArn = 'arn:aws:iam::123456789012:role/bulk'

describe('bulk registration', () => {
  it('gateway G114: every line is a thing or an error, counted and reported', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => {
      const { csrPem } = createDeviceKeyAndCsr({ commonName: 'bulk' })
      return JSON.stringify({ ThingName: `bulk-${index}`, CSR: csrPem })
    })
    lines.splice(3, 0, 'no JSON', '{"ThingName":"bulk-no-csr"}', '', '{"ThingName":7}')
    writeFileSync(join(s3Folder, 'bucket', 'things.json'), lines.join('\n'))
    const taskId = await start('things.json')
    const done = await ended(taskId)
    expect(done).toMatchObject({
      status: 'Completed',
      successCount: 120,
      failureCount: 3,
      percentageProgress: 100,
      inputFileKey: 'things.json',
    })
    await server.iot.send(new DescribeThingCommand({ thingName: 'bulk-119' }))
    const errors = await report(taskId, 'ERRORS')
    expect(errors.map(({ lineNumber }) => lineNumber)).toEqual([4, 5, 7])
    const results = await report(taskId, 'RESULTS')
    expect(results).toHaveLength(120)
    expect(results[0]).toMatchObject({
      lineNumber: 1,
      response: { resourceArns: { thing: expect.stringMatching(/thing\/bulk-0$/) as string } },
    })
  })

  it('gateway G114: a line ends at LF or CRLF alone, and one that is no text is an error', async () => {
    const thing = (ThingName: string, more: object = {}): string => {
      const { csrPem } = createDeviceKeyAndCsr({ commonName: 'bulk' })
      return JSON.stringify({ ThingName, CSR: csrPem, ...more })
    }
    const file = Buffer.concat([
      Buffer.from(`\uFEFF${thing('after-bom')}\r\n`),
      Buffer.from(`${thing('separators', { Note: 'a\u2028b\u2029c' })}\n`),
      Buffer.from(`${thing('lone-cr')}\r${thing('after-cr')}\n`),
      Buffer.from('{"ThingName":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}\n\r\n'),
      Buffer.from(`${thing('long', { Note: 'x'.repeat(70_000) })}\n`),
      Buffer.from(`\uFEFF${thing('late-bom')}\n`),
      Buffer.from(thing('no-ending')),
    ])
    writeFileSync(join(s3Folder, 'bucket', 'lines.json'), file)
    const taskId = await start('lines.json')
    expect(await ended(taskId)).toMatchObject({
      status: 'Completed',
      successCount: 3,
      failureCount: 4,
    })
    const message = (text: string): unknown => ({
      errorCode: 'InvalidRequestException',
      errorMessage: expect.stringMatching(text) as string,
    })
    expect(await report(taskId, 'ERRORS')).toEqual([
      { lineNumber: 3, response: message('the line is not a JSON object of strings') },
      { lineNumber: 4, response: message('the line is not valid UTF-8') },
      {
        lineNumber: 6,
        response: message(/^the line has 70\d{3} characters; at most 65536/.source),
      },
      { lineNumber: 7, response: message('the line is not a JSON object of strings') },
    ])
    const results = await report(taskId, 'RESULTS')
    expect(results.map(({ lineNumber }) => lineNumber)).toEqual([1, 2, 8])
  })

  it.each([
    ['an absent file', 'none.json', 'bucket'],
    ['a key that leaves the bucket', '../../etc/passwd', 'bucket'],
    ['a bucket that leaves the folder', 'x', '...'],
  ])('gateway G114: %s fails the task', async (_name, key, bucket) => {
    const done = await ended(await start(key, bucket))
    expect(done.status).toBe('Failed')
    expect(done.message).toMatch(/./)
  })

  it('gateway G114: a running task can be cancelled, and the next one started', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `{"ThingName":"many-${index}"}`)
    writeFileSync(join(s3Folder, 'bucket', 'many.json'), lines.join('\n'))
    const taskId = await start('many.json')
    await expect(start('many.json')).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await server.iot.send(new StopThingRegistrationTaskCommand({ taskId }))
    const done = await ended(taskId)
    expect(done.status).toBe('Cancelled')
    expect((done.successCount ?? 0) + (done.failureCount ?? 0)).toBeLessThan(20_000)
    expect((await ended(await start('things.json'))).status).toBe('Completed')
  })

  it('gateway G114: a task that has ended cannot be stopped; tasks are listed', async () => {
    const listed = await server.iot.send(
      new ListThingRegistrationTasksCommand({ status: 'Completed' }),
    )
    const [taskId = ''] = listed.taskIds ?? []
    await expect(
      server.iot.send(new StopThingRegistrationTaskCommand({ taskId })),
    ).rejects.toMatchObject({ name: 'InvalidRequestException' })
    const absent = new DescribeThingRegistrationTaskCommand({ taskId: 'none' })
    await expect(server.iot.send(absent)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

async function start(inputFileKey: string, inputFileBucket = 'bucket'): Promise<string> {
  const { taskId = '' } = await server.iot.send(
    new StartThingRegistrationTaskCommand({ templateBody, inputFileBucket, inputFileKey, roleArn }),
  )
  return taskId
}

function ended(taskId: string): Promise<DescribeThingRegistrationTaskCommandOutput> {
  return vi.waitFor(async () => {
    const task = await server.iot.send(new DescribeThingRegistrationTaskCommand({ taskId }))
    expect(task.status).not.toMatch(/InProgress|Cancelling/)
    return task
  })
}

async function report(
  taskId: string,
  reportType: 'ERRORS' | 'RESULTS',
): Promise<{ lineNumber: number; response: unknown }[]> {
  const { resourceLinks = [] } = await server.iot.send(
    new ListThingRegistrationTaskReportsCommand({ taskId, reportType }),
  )
  const dispatcher = new Agent({ connect: { ca: server.caPem } })
  const text = await (await request(resourceLinks[0] ?? '', { dispatcher })).body.text()
  await dispatcher.close()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { lineNumber: number; response: unknown })
}
