/** Streams and OTA updates on the wire: files of a folder, blocks over MQTT, a job by its document. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateOTAUpdateCommand,
  CreateStreamCommand,
  DescribeStreamCommand,
  GetOTAUpdateCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  UpdateStreamCommand,
} from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { decode, encode } from 'cborg'
import type { IPublishPacket, MqttClient } from 'mqtt'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'

const roleArn = 'arn:aws:iam::123456789012:role/Service'
const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
const firmware = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256))

let folder: string
let server: TestServer
let lamp: TestDevice

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'streams-'))
  mkdirSync(join(folder, 'fw'))
  server = await startTestServer({ s3Folder: folder })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await server.admin('POST', 'reset')
  writeFileSync(join(folder, 'fw/a.bin'), firmware)
  lamp = await createDevice(server.iot, 'lamp', { policyDocument: OPEN_POLICY })
})

const files = [{ fileId: 0, s3Location: { bucket: 'fw', key: 'a.bin' } }]
const createStream = (on = server): Promise<unknown> =>
  on.iot.send(new CreateStreamCommand({ streamId: 's', files, roleArn }))

async function connected(on = server): Promise<MqttClient> {
  const client = await connectMqtt(on, lamp)
  onTestFinished(() => client.endAsync(true))
  return client
}

interface Got {
  readonly topic: string
  readonly qos: number
  readonly payload: Buffer
}

/** The next messages of a client, as they come. */
function messages(client: MqttClient, count: number): Promise<Got[]> {
  const got: Got[] = []
  return new Promise((resolve) => {
    const take = (topic: string, payload: Buffer, { qos }: IPublishPacket): void => {
      got.push({ topic, payload, qos })
      if (got.length < count) return
      client.off('message', take)
      resolve(got)
    }
    client.on('message', take)
  })
}

const base = '$aws/things/lamp/streams/s'

async function ask(
  client: MqttClient,
  request: object,
  count: number,
  qos: 0 | 1 = 1,
): Promise<Got[]> {
  const got = messages(client, count)
  await client.publishAsync(`${base}/get/cbor`, Buffer.from(encode(request)), { qos })
  return await got
}

/** Reads a link as a device does that trusts the server's authority. */
function getPart(url: string, range: string): Promise<{ status: number; body: Buffer }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Buffer }>()
  const request = get(url, { ca: server.caPem, headers: { range } }, async (response) => {
    const body = Buffer.concat(await response.toArray())
    resolve({ status: response.statusCode ?? 0, body })
  })
  request.on('error', reject)
  return promise
}

const blockOf = ({ payload }: Got) => decode(payload) as { i: number; p: Uint8Array; o?: string }

it.each([0, 1] as const)(
  'neighbours N83, N91: a file comes whole by requests at QoS %i, each block at that QoS',
  async (qos) => {
    await createStream()
    const client = await connected()
    const image = Buffer.alloc(firmware.length)
    for (let o = 0; o < 25; o += 10) {
      const n = Math.min(10, 25 - o)
      const got = await ask(client, { c: 'x', f: 0, l: 4096, o, n }, n, qos)
      for (const one of got) {
        expect([one.topic, one.qos]).toEqual([`${base}/data/cbor`, qos])
        const { i, p } = blockOf(one)
        image.set(p, i * 4096)
      }
    }
    expect(image.equals(firmware)).toBe(true)
  },
)

it('neighbours N83: many requests at once are answered each, in their order', async () => {
  await createStream()
  const client = await connected()
  const got = messages(client, 20)
  for (let o = 0; o < 20; o++) {
    client.publish(`${base}/get/json`, JSON.stringify({ f: 0, l: 4096, o, n: 1 }), { qos: 1 })
  }
  const numbers = (await got).map(({ payload }) => (JSON.parse(String(payload)) as { i: number }).i)
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => at))
})

it('neighbours N89: a file that changed is refused until the stream is updated', async () => {
  await createStream()
  const client = await connected()
  writeFileSync(join(folder, 'fw/a.bin'), 'new firmware')
  const [refused] = await ask(client, { f: 0, l: 256 }, 1)
  expect(refused && blockOf(refused).o).toBe('ETagMismatch')
  await server.iot.send(new UpdateStreamCommand({ streamId: 's' }))
  const [block] = await ask(client, { f: 0, l: 256, s: 2 }, 1)
  expect(block && Buffer.from(blockOf(block).p).toString()).toBe('new firmware')
  rmSync(join(folder, 'fw/a.bin'))
  const [gone] = await ask(client, { f: 0, l: 256 }, 1)
  expect(gone && blockOf(gone).o).toBe('ResourceNotFound')
})

it('neighbours N88: a refusal is told to the operator with its hint', async () => {
  const client = await connected()
  await ask(client, { f: 0, l: 256 }, 1)
  const response = await server.admin('GET', 'decisions')
  const { decisions } = (await response.json()) as { decisions: Record<string, unknown>[] }
  expect(decisions[0]).toMatchObject({
    kind: 'stream',
    action: 'iot:GetStream',
    reason: 'ResourceNotFound',
    clientId: 'lamp',
    thingName: 'lamp',
    resource: `${base}/get/cbor`,
    hint: expect.any(String) as string,
  })
})

it('neighbours N5: streams, updates and their tags outlive a restart, and end with a reset', async () => {
  const own = await startTestServer({ s3Folder: folder })
  let on = own
  onTestFinished(() => on.close())
  lamp = await createDevice(own.iot, 'lamp', { policyDocument: OPEN_POLICY })
  await createStream(own)
  await own.iot.send(
    new CreateOTAUpdateCommand({
      otaUpdateId: 'u',
      targets: [arn('thing/lamp')],
      roleArn,
      tags: [{ Key: 'a', Value: 'b' }],
      files: [
        {
          fileName: 'app',
          fileLocation: { s3Location: { bucket: 'fw', key: 'a.bin' } },
          codeSigning: {
            customCodeSigning: {
              signature: { inlineDocument: Uint8Array.from([0, 255, 128]) },
              hashAlgorithm: 'SHA256',
              signatureAlgorithm: 'RSA',
            },
          },
        },
      ],
    }),
  )
  on = await own.restart()
  const { otaUpdateInfo } = await on.iot.send(new GetOTAUpdateCommand({ otaUpdateId: 'u' }))
  const [file] = otaUpdateInfo?.otaUpdateFiles ?? []
  expect(file?.codeSigning?.customCodeSigning?.signature?.inlineDocument).toEqual(
    Uint8Array.from([0, 255, 128]),
  )
  const resourceArn = otaUpdateInfo?.otaUpdateArn
  const { tags } = await on.iot.send(new ListTagsForResourceCommand({ resourceArn }))
  expect(tags).toEqual([{ Key: 'a', Value: 'b' }])
  const client = await connected(on)
  const [block] = await ask(client, { f: 0, l: 4096, n: 1 }, 1)
  expect(block && blockOf(block).i).toBe(0)
  await on.admin('POST', 'reset')
  const { streams } = await on.iot.send(new ListStreamsCommand({}))
  expect(streams).toEqual([])
})

it('neighbours N99: a link of a document brings the file, in ranges too', async () => {
  await server.iot.send(
    new CreateOTAUpdateCommand({
      otaUpdateId: 'u',
      targets: [arn('thing/lamp')],
      roleArn,
      protocols: ['HTTP'],
      files: [{ fileName: 'app', fileLocation: { s3Location: { bucket: 'fw', key: 'a.bin' } } }],
    }),
  )
  const client = await connected()
  const got = messages(client, 1)
  await client.publishAsync('$aws/things/lamp/jobs/$next/get', '{}', { qos: 1 })
  const [reply] = await got
  const { execution } = JSON.parse(String(reply?.payload)) as {
    execution: { jobDocument: { afr_ota: { files: { update_data_url: string }[] } } }
  }
  const [file] = execution.jobDocument.afr_ota.files
  const part = await getPart(file?.update_data_url ?? '', 'bytes=10-19')
  expect(part).toEqual({ status: 206, body: firmware.subarray(10, 20) })
})

it('neighbours N79: without a folder for S3 a stream can be made, and has no file', async () => {
  const own = await startTestServer()
  onTestFinished(() => own.close())
  lamp = await createDevice(own.iot, 'lamp', { policyDocument: OPEN_POLICY })
  await createStream(own)
  const { streamInfo } = await own.iot.send(new DescribeStreamCommand({ streamId: 's' }))
  expect(streamInfo?.files).toEqual(files)
  const [refused] = await ask(await connected(own), { f: 0, l: 256 }, 1)
  expect(refused && blockOf(refused).o).toBe('ResourceNotFound')
})
