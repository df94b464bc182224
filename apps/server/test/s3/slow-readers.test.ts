/** A firmware rollout: many devices take a large file slowly, at the same time. */
import { once } from 'node:events'
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateJobCommand, IoTClient } from '@aws-sdk/client-iot'
import {
  IoTJobsDataPlaneClient,
  StartNextPendingJobExecutionCommand,
} from '@aws-sdk/client-iot-jobs-data-plane'
import { createDevice, startServerProcess, TEST_CREDENTIALS } from '@muster/server/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'

const FILE_BYTES = 300 * 1024 * 1024
const READERS = 12
// Of 3.6 GB; collections come when they come.
const ADDED_BYTES_MAX = 100 * 1024 * 1024

it(`${READERS} slow readers of a large file cost the server no memory to speak of`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-slow-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 's3', 'bucket'), { recursive: true })
  const file = openSync(join(folder, 's3', 'bucket', 'firmware.bin'), 'w')
  ftruncateSync(file, FILE_BYTES)
  closeSync(file)
  const flags = ['--data', join(folder, 'data'), '--s3-folder', join(folder, 's3')]
  const server = await startServerProcess(flags)
  onTestFinished(() => server.kill('SIGKILL'))
  const endpoint = `http://127.0.0.1:${server.httpPort}`
  const client = { endpoint, region: 'us-east-1', credentials: TEST_CREDENTIALS }
  const iot = new IoTClient(client)
  const { thingArn } = await createDevice(iot, 'T1')
  await iot.send(
    new CreateJobCommand({
      jobId: 'J1',
      targets: [thingArn],
      document:
        '{"from":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/bucket/firmware.bin}"}',
      presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/r', expiresInSec: 3600 },
    }),
  )
  const start = new StartNextPendingJobExecutionCommand({ thingName: 'T1' })
  const document = await vi.waitUntil(async () => {
    const { execution } = await new IoTJobsDataPlaneClient(client).send(start)
    return execution?.jobDocument
  })
  const { from } = JSON.parse(document) as { from: string }
  const ca = readFileSync(server.caFile, 'utf8')
  const ask = async (method: string): Promise<IncomingMessage> => {
    const asked = request(from, { ca, method, agent: false })
    asked.end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    expect(response.headers['content-length']).toBe(String(FILE_BYTES))
    return response
  }
  // What the first of each kind loads stays.
  await readSome(await ask('GET'), 4 * 1024 * 1024)
  const before = await residentBytes(endpoint)

  for (let index = 0; index < READERS; index += 1) (await ask('HEAD')).resume()
  const readers = await Promise.all(Array.from({ length: READERS }, () => ask('GET')))
  await Promise.all(readers.map((reader) => readSome(reader, 1024 * 1024)))
  const added = (await residentBytes(endpoint)) - before
  expect(added).toBeLessThan(ADDED_BYTES_MAX)

  const [first, ...others] = readers
  for (const reader of others) reader.destroy()
  let bytes = 1024 * 1024
  if (first !== undefined) for await (const chunk of first) bytes += (chunk as Buffer).length
  expect(bytes).toBe(FILE_BYTES)
}, 120_000)

/** Takes so many bytes, puts back what is above, and leaves the rest waiting. */
async function readSome(response: IncomingMessage, bytes: number): Promise<void> {
  let left = bytes
  while (left > 0) {
    const chunk = response.read() as Buffer | null
    if (chunk === null) await once(response, 'readable')
    else if (chunk.length <= left) left -= chunk.length
    else {
      response.unshift(chunk.subarray(left))
      left = 0
    }
  }
}

async function residentBytes(endpoint: string): Promise<number> {
  const text = await (await fetch(`${endpoint}/_muster/metrics`)).text()
  const [, bytes] = /^muster_process_resident_memory_bytes (\d+)/m.exec(text) ?? []
  if (bytes === undefined) throw new Error('the metrics tell no memory')
  if (process.env['MUSTER_MEASURE']) process.stdout.write(`resident ${bytes}\n`)
  return Number(bytes)
}
