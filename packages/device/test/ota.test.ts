/** Parts of the OTA agent that need no server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { accept, refuse } from '@muster/model'
import { SystemClock } from '@muster/clock'
import { expect, it, onTestFinished } from 'vitest'
import {
  downloadByLink,
  downloadByStream,
  Image,
  isSignedBy,
  otaHandler,
  readOtaDocument,
  type BlocksWanted,
  type OtaFile,
  type StreamRequests,
} from '../src/index.ts'
import { MqttStreams } from '../src/mqtt/mqtt-streams.ts'

const content = Buffer.from(Array.from({ length: 2600 }, (_, at) => at % 251))
const signal = new AbortController().signal
const pause = (): Promise<void> => Promise.resolve()

/** A stream that answers as the test says. */
const stream = (get: StreamRequests['get']): StreamRequests => ({
  describe: () => Promise.resolve(accept([])),
  get,
})
const blocks = ({ blockBytes, numbers }: BlocksWanted) =>
  numbers.map((number) => ({
    number,
    content: content.subarray(number * blockBytes, (number + 1) * blockBytes),
  }))

it('an image takes each block once, and none of another length or place', () => {
  const image = new Image(2600, 1024)
  expect(image.missingBlocks(9)).toEqual([0, 1, 2])
  expect(image.write(2, content.subarray(2048))).toBe(true)
  expect(image.write(2, content.subarray(2048))).toBe(true)
  expect([image.write(0, Buffer.alloc(5)), image.write(3, Buffer.alloc(0))]).toEqual([false, false])
  expect([image.missing, image.missingBlocks(1)]).toEqual([2, [0]])
})

it('a download by a stream asks again only for what is missing', async () => {
  const asked: (readonly number[])[] = []
  const streams = stream((_streamId, wanted) => {
    asked.push(wanted.numbers)
    const came = blocks(wanted)
    return Promise.resolve(accept(asked.length === 1 ? came.slice(1) : came))
  })
  const image = new Image(content.length, 512)
  await downloadByStream(streams, { streamId: 's', fileId: 0 }, 4, { image, signal, pause })
  expect(asked).toEqual([
    [0, 1, 2, 3],
    [0, 4, 5],
  ])
  expect(image.content.equals(content)).toBe(true)
})

it('a download by a stream outlives a cut, and ends with what will not change', async () => {
  const answers = [refuse<string>('Disconnected', 'cut'), refuse<string>('ETagMismatch', 'changed')]
  let paused = 0
  const terms = {
    image: new Image(10, 256),
    signal,
    pause: () => Promise.resolve(void paused++),
  }
  const download = downloadByStream(
    stream(() => Promise.resolve(answers.shift() ?? accept([]))),
    { streamId: 's', fileId: 0 },
    1,
    terms,
  )
  await expect(download).rejects.toMatchObject({ code: 'ETagMismatch' })
  expect(paused).toBe(1)
  const silent = downloadByStream(
    stream(() => Promise.resolve(accept([]))),
    { streamId: 's', fileId: 0 },
    1,
    { ...terms, attemptsMax: 3 },
  )
  await expect(silent).rejects.toMatchObject({ code: 'Timeout' })
})

async function linkTo(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/f`
}

it('a download by a link goes on in a range where it was cut', async () => {
  const ranges: (string | undefined)[] = []
  const url = await linkTo((request, response) => {
    const { range } = request.headers
    ranges.push(range)
    const start = Number(/\d+/.exec(range ?? '0')?.[0])
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': 2600 - start })
    if (range !== undefined) response.end(content.subarray(start))
    else response.write(content.subarray(0, 1100), () => response.destroy())
  })
  const image = new Image(content.length, 1024)
  await downloadByLink({ image, signal, pause, link: () => url })
  expect(image.content.equals(content)).toBe(true)
  expect(ranges).toEqual([undefined, 'bytes=1024-'])
})

it('a link that is refused ends the download', async () => {
  const url = await linkTo((_request, response) => response.writeHead(403).end())
  const image = new Image(10, 256)
  const download = downloadByLink({ image, signal, pause, link: () => url })
  await expect(download).rejects.toMatchObject({ code: 'HTTP 403' })
})

it('neighbours N83, N85: requests have a bitmap, answers are matched by token', async () => {
  const sent: { topic: string; body: Record<string, unknown> }[] = []
  const wire = {
    publish: (topic: string, payload: string) => {
      sent.push({ topic, body: JSON.parse(payload) as Record<string, unknown> })
      return Promise.resolve()
    },
  }
  const streams = new MqttStreams('T', wire, new SystemClock())
  const got = streams.get('s', { fileId: 3, blockBytes: 256, numbers: [20, 21, 24, 43] })
  expect(sent[0]).toEqual({
    topic: '$aws/things/T/streams/s/get/json',
    body: { c: '1', f: 3, l: 256, o: 20, n: 4, b: '130080' },
  })
  const receive = (kind: string, message: object): void =>
    streams.receive(`$aws/things/T/streams/s/${kind}/json`, Buffer.from(JSON.stringify(message)))
  receive('data', { c: 'other', i: 1, p: '' })
  for (const i of [20, 21, 24, 43]) receive('data', { c: '1', f: 3, l: 1, i, p: 'YQ==' })
  expect(await got).toEqual(
    accept([20, 21, 24, 43].map((number) => ({ number, content: Buffer.from('a') }))),
  )
  const described = streams.describe('s')
  receive('description', { c: '2', s: 1, d: '', r: [{ f: 0, z: 9 }] })
  expect(await described).toEqual(accept([{ fileId: 0, bytes: 9 }]))
  const refused = streams.describe('s')
  receive('rejected', { c: '3', o: 'ResourceNotFound', m: 'no' })
  expect(await refused).toMatchObject({ error: { code: 'ResourceNotFound', message: 'no' } })
  const cut = streams.describe('s')
  streams.disconnected()
  expect(await cut).toMatchObject({ error: { code: 'Disconnected' } })
})

const entry = { filepath: 'a', filesize: 2600, fileid: 0 }

it('neighbours N99: documents are read with what they need, and no other', () => {
  const document = { afr_ota: { protocols: ['MQTT'], streamname: 's', files: [entry] } }
  expect(readOtaDocument(document)).toMatchObject({
    streamId: 's',
    files: [{ bytes: 2600, signature: undefined, certificate: undefined }],
  })
  const signed = { ...entry, 'sig-sha256-ecdsa': 'AA', certfile: 'c', fileType: 2 }
  expect(readOtaDocument({ afr_ota: { protocols: ['HTTP'], files: [signed] } })).toMatchObject({
    files: [{ signature: { hash: 'sha256', algorithm: 'ecdsa', value: 'AA' }, certificate: 'c' }],
  })
  for (const bad of [
    undefined,
    { operation: 'x' },
    { afr_ota: {} },
    { afr_ota: { protocols: ['MQTT'], files: [] } },
    { afr_ota: { protocols: ['MQTT'], files: [{ filepath: 'a' }] } },
  ]) {
    expect(readOtaDocument(bad)).toBeUndefined()
  }
})

it('a signature that is no signature is not one', () => {
  const signature = { hash: 'sha999', algorithm: 'ecdsa', value: 'AA' }
  const file = { signature } as OtaFile
  expect(isSignedBy(file, content, 'no key')).toBe(false)
  expect(isSignedBy({ ...file, signature: undefined }, content, 'no key')).toBe(false)
})

it('the agent reports on the way, and ends with the digest of what it installed', async () => {
  const reported: object[] = []
  const installed: string[] = []
  const handler = otaHandler({
    streams: () => stream((_streamId, wanted) => Promise.resolve(accept(blocks(wanted)))),
    pause,
    blockBytes: 256,
    blocksPerRequest: 4,
    install: (file) => void installed.push(file.path),
  })
  const job = {
    jobId: 'AFR_OTA-u',
    executionNumber: 1,
    document: { afr_ota: { protocols: ['MQTT'], streamname: 's', files: [entry] } },
    statusDetails: {},
    resumed: false,
    signal,
    progress: (details: object) => {
      reported.push(details)
      return Promise.resolve(true)
    },
  }
  const image = new Image(2600, 2600)
  image.write(0, content)
  expect(await handler(job)).toEqual({
    status: 'SUCCEEDED',
    statusDetails: { self_test: 'accepted', sha256: image.sha256() },
  })
  expect(reported).toEqual([
    { self_test: 'receiving', progress: '36%' },
    { self_test: 'receiving', progress: '72%' },
    { self_test: 'active', updatedBy: 'AFR_OTA-u' },
  ])
  expect(installed).toEqual(['a'])
})
