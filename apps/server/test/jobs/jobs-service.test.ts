/**
 * Jobs in a running server: what a device can really download, what a restart resumes, and that
 * work too large for one turn keeps nobody waiting.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DeleteJobCommand,
  DeleteThingGroupCommand,
  DescribeJobCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-iot'
import { DescribeJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string
let server: TestServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 's3-'))
  mkdirSync(join(folder, 'bucket'))
  writeFileSync(join(folder, 'bucket', 'firmware.bin'), 'firmware')
  writeFileSync(
    join(folder, 'bucket', 'job.json'),
    '{"url":"${aws:iot:s3-presigned-url:https://s3.us-east-1.amazonaws.com/bucket/firmware.bin}"}',
  )
  server = await startTestServer({ s3Folder: folder })
  for (const thingName of ['T1', 'T2', 'T3']) {
    await server.iot.send(new CreateThingCommand({ thingName }))
  }
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Status and body of what a device gets, which trusts the server's authority. */
async function download(url: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    get(url, { ca: server.caPem }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve(`${response.statusCode} ${body}`))
    }).on('error', reject)
  })
}

const thing = (name: string): string => `arn:aws:iot:us-east-1:123456789012:thing/${name}`

it('jobs J67, J103: a document from S3 links to a file that can be downloaded', async () => {
  const { jobArn: resourceArn } = await server.iot.send(
    new CreateJobCommand({
      jobId: 'download',
      targets: [thing('T1')],
      documentSource: 'https://s3.us-east-1.amazonaws.com/bucket/job.json',
      presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/s3' },
      tags: [{ Key: 'team', Value: 'a' }],
    }),
  )
  const { execution } = await server.jobsData.send(
    new DescribeJobExecutionCommand({ thingName: 'T1', jobId: '$next' }),
  )
  const { url } = JSON.parse(execution?.jobDocument ?? '') as { url: string }
  expect(await download(url)).toBe('200 firmware')
  await server.advance(3601)
  expect(await download(url)).toMatch(/^403 /)
  const { tags } = await server.iot.send(new ListTagsForResourceCommand({ resourceArn }))
  expect(tags).toEqual([{ Key: 'team', Value: 'a' }])
})

it('a restart resumes rollouts and timers', async () => {
  await server.iot.send(
    new CreateJobCommand({
      jobId: 'slow',
      targets: ['T1', 'T2', 'T3'].map(thing),
      document: '{}',
      jobExecutionsRolloutConfig: { maximumPerMinute: 1 },
    }),
  )
  const queued = async (): Promise<number | undefined> => {
    const { job } = await server.iot.send(new DescribeJobCommand({ jobId: 'slow' }))
    return job?.jobProcessDetails?.numberOfQueuedThings
  }
  expect(await queued()).toBe(1)
  server = await server.restart()
  expect(await queued()).toBe(1)
  await server.advance(61)
  expect(await queued()).toBe(2)
  await server.advance(60)
  expect(await queued()).toBe(3)
})

it('jobs J77: deleting a target group removes its pending executions', async () => {
  const thingGroupName = 'G1'
  const { thingGroupArn = '' } = await server.iot.send(
    new CreateThingGroupCommand({ thingGroupName }),
  )
  await server.iot.send(new AddThingToThingGroupCommand({ thingGroupName, thingName: 'T2' }))
  await server.iot.send(
    new CreateJobCommand({
      jobId: 'grouped',
      targets: [thingGroupArn],
      targetSelection: 'CONTINUOUS',
      document: '{}',
    }),
  )
  await server.iot.send(new DeleteThingGroupCommand({ thingGroupName }))
  await server.advance(0)
  const { job } = await server.iot.send(new DescribeJobCommand({ jobId: 'grouped' }))
  expect(job?.jobProcessDetails).toMatchObject({
    numberOfRemovedThings: 1,
    numberOfQueuedThings: 0,
  })
})

it('jobs J82: deletion frees the id', async () => {
  await server.iot.send(new DeleteJobCommand({ jobId: 'slow', force: true }))
  await server.advance(0)
  const again = { jobId: 'slow', targets: [thing('T1')], document: '{}' }
  await expect(server.iot.send(new CreateJobCommand(again))).resolves.toMatchObject({
    jobId: 'slow',
  })
})
