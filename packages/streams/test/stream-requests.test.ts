/** What devices ask for, and what they are refused with. */
import { expect, it } from 'vitest'
import { createStream, parseStreamTopic, readRequest, rejectionOf } from '../src/index.ts'
import type { FileFacts, PayloadFormat } from '../src/index.ts'
import { facts, roleArn, world } from './streams-world.ts'

const w = world()
createStream(
  w,
  {
    streamId: 's',
    roleArn,
    files: [
      { fileId: 0, s3Location: { bucket: 'b', key: 'k' } },
      { fileId: 3, s3Location: { bucket: 'b', key: 'late' } },
    ],
  },
  [facts(2600), undefined],
  0,
)

/** What a device gets: blocks, a description, or a refusal's code. */
function asked(
  members: object | undefined,
  { format = 'json', topic = 'T/streams/s/get', ...around }: Asked = {},
): unknown {
  const file = 'file' in around ? around.file : facts(2600)
  const parsed = parseStreamTopic(`$aws/things/${topic}/${format}`)
  if (parsed === undefined) return 'no request'
  const read = readRequest(w.state, parsed, members && new Map(Object.entries(members)))
  const refused = (error: Parameters<typeof rejectionOf>[0]) => rejectionOf(error, read.token)
  if (!read.asked.ok) return refused(read.asked.error)
  const request = read.asked.value
  if (request.kind === 'describe') {
    const described = request.describe(request.files.map(() => file))
    return described.ok ? described.value : refused(described.error)
  }
  const blocks = request.select(file)
  if (!blocks.ok) return refused(blocks.error)
  return blocks.value.map((block) => request.message(block, ''))
}

interface Asked {
  format?: PayloadFormat
  file?: FileFacts | undefined
  topic?: string
}

it('neighbours N80: topics of requests, and of nothing else', () => {
  expect(parseStreamTopic('$aws/things/T/streams/s/describe/cbor')).toMatchObject({
    request: 'describe',
    format: 'cbor',
    isWellNamed: true,
  })
  for (const topic of ['create/json', 'data/json', 'get/xml', 'get', 'get/json/x']) {
    expect(parseStreamTopic(`$aws/things/T/streams/s/${topic}`), topic).toBeUndefined()
  }
})

it('neighbours N82: a description, its text empty where there is none', () => {
  const topic = 'T/streams/s/describe'
  expect(asked({ c: 'c' }, { topic })).toEqual({
    c: 'c',
    s: 1,
    d: '',
    r: [
      { f: 0, z: 2600 },
      { f: 3, z: 2600 },
    ],
  })
  expect(asked({}, { topic, file: undefined })).toMatchObject({ o: 'ResourceNotFound' })
})

it('neighbours N83, N86: blocks from the file’s start; no token, none echoed; members ignored', () => {
  expect(asked({ f: 0, l: 1024, z: 'x' })).toEqual([
    { f: 0, l: 1024, i: 0, p: '' },
    { f: 0, l: 1024, i: 1, p: '' },
    { f: 0, l: 552, i: 2, p: '' },
  ])
  expect(asked({ c: '', f: 0, l: 1024, o: 2, n: 9, s: 1 })).toEqual([
    { c: '', f: 0, l: 552, i: 2, p: '' },
  ])
})

it('neighbours N85: a bitmap is hexadecimal in JSON and raw in CBOR', () => {
  const numbers = (found: unknown) => (found as { i: number }[]).map(({ i }) => i)
  expect(numbers(asked({ f: 0, l: 256, b: '0500' }))).toEqual([0, 2])
  const b = new TextEncoder().encode('MQ==')
  expect(numbers(asked({ f: 0, l: 256, o: 1, n: 1, b }, { format: 'cbor' }))).toEqual([1])
  for (const bad of ['050', 'xx', 5, b]) {
    expect(asked({ f: 0, l: 256, b: bad }), String(bad)).toMatchObject({ o: 'InvalidRequest' })
  }
  expect(asked({ f: 0, l: 256, b: '05' }, { format: 'cbor' })).toMatchObject({
    o: 'InvalidRequest',
  })
})

it.each<[string, object | undefined, Asked, string]>([
  ['no object', undefined, {}, 'InvalidJson'],
  ['no object in CBOR', undefined, { format: 'cbor' }, 'InvalidCbor'],
  ['no file', { l: 256 }, {}, 'InvalidRequest'],
  ['no block size', { f: 0 }, {}, 'InvalidRequest'],
  ['a block size that is text', { f: 0, l: '256' }, {}, 'InvalidRequest'],
  ['half a block', { f: 0, l: 256, o: 0.5 }, {}, 'InvalidRequest'],
  ['no blocks', { f: 0, l: 256, n: 0 }, {}, 'InvalidRequest'],
  ['small blocks', { f: 0, l: 255 }, {}, 'BlockSizeOutOfBounds'],
  ['big blocks', { f: 0, l: 131_073 }, { format: 'cbor' }, 'BlockSizeOutOfBounds'],
  ['blocks too big for JSON', { f: 0, l: 98_304 }, {}, 'BlockSizeOutOfBounds'],
  ['an offset too high', { f: 0, l: 256, o: 98_305 }, {}, 'OffsetOutOfBounds'],
  ['a negative offset', { f: 0, l: 256, o: -1 }, {}, 'OffsetOutOfBounds'],
  ['an offset past the end', { f: 0, l: 256, o: 11 }, {}, 'OffsetOutOfBounds'],
  ['an empty bitmap', { f: 0, l: 256, b: '' }, {}, 'OffsetOutOfBounds'],
  ['too many blocks', { f: 0, l: 256, n: 98_305 }, {}, 'BlockCountLimitExceeded'],
  ['a long bitmap', { f: 0, l: 256, b: '00'.repeat(12_288) }, {}, 'BlockBitmapLimitExceeded'],
  ['another version', { f: 0, l: 256, s: 2 }, {}, 'VersionMismatch'],
  ['an unknown file', { f: 1, l: 256 }, {}, 'ResourceNotFound'],
  ['a file that is gone', { f: 0, l: 256 }, { file: undefined }, 'ResourceNotFound'],
  ['a file that changed', { f: 0, l: 256 }, { file: facts(2600, 'new') }, 'ETagMismatch'],
  ['a file that grew', { f: 3, l: 256 }, { file: facts(25_165_825) }, 'InvalidRequest'],
  ['an unknown stream', { f: 0, l: 256 }, { topic: 'T/streams/x/get' }, 'ResourceNotFound'],
  ['no name of a stream', { f: 0, l: 256 }, { topic: 'T/streams/s.1/get' }, 'InvalidTopic'],
])('neighbours N87 to N89: %s is refused', (_what, members, around, code) => {
  expect(asked(members, around)).toMatchObject({ o: code, m: expect.any(String) as string })
  if (members !== undefined) {
    expect(asked({ ...members, c: 'tok' }, around)).toMatchObject({ o: code, c: 'tok' })
  }
})

it('neighbours N87: the largest blocks that pass', () => {
  const file = facts(2600)
  expect(asked({ f: 0, l: 131_072 }, { format: 'cbor', file })).toMatchObject([{ l: 2600 }])
  expect(asked({ f: 0, l: 97_000 }, { file })).toMatchObject([{ l: 2600 }])
})

it('neighbours N88: the text that is known', () => {
  expect(asked({ f: 0, l: 1 })).toEqual({
    o: 'BlockSizeOutOfBounds',
    m: 'The block size is out of bounds',
  })
})

it('neighbours N82, N89: a token of 64 bytes is echoed, a longer one or another type is not', () => {
  expect(asked({ f: 0, l: 1024, n: 1, c: 'ü'.repeat(32) })).toMatchObject([{ c: 'ü'.repeat(32) }])
  for (const c of ['ü'.repeat(33), 7, null]) {
    const rejected = asked({ f: 0, l: 1024, c })
    expect(rejected).toMatchObject({ o: 'InvalidRequest' })
    expect(rejected).not.toHaveProperty('c')
  }
})

it('neighbours N79, N89: a file that came after the stream is served as it is', () => {
  expect(asked({ f: 3, l: 1024, n: 1 }, { file: facts(100, 'any') })).toMatchObject([{ l: 100 }])
})
